import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { problemOf, ProblemError } from '../api/client';
import { say } from './say';

/** Headers of one act: the key by which a repeated press is not done twice, and the version it is based on. */
export type ActHeaders = Record<string, string>;

export interface ActOptions<V, T> {
  /** Sends the act: pass the headers on to api.POST(…, { headers }). */
  run: (headers: ActHeaders, input: V) => Promise<T>;
  /** ETag of the aggregate as it was read. */
  etag?: string;
  /** Queries that the act changes; the session (menu counts) is always read again. */
  invalidates?: QueryKey[];
  /** Said when done, such as “已登记寄送”. */
  done?: string | ((result: T, input: V) => string);
  onDone?: (result: T, input: V) => void;
}

/**
 * One act. The Idempotency-Key stays the same while the same input is tried
 * again after a failure of the line or the server, and is a new one for a new
 * input or after an answer.
 */
export function useAct<V = void, T = unknown>(options: ActOptions<V, T>) {
  const client = useQueryClient();
  const last = useRef({ input: '', key: '' });
  const mutation = useMutation<T, unknown, V>({
    mutationFn: async (input) => {
      const printed = input instanceof FormData || input instanceof File ? '' : (JSON.stringify(input) ?? '');
      if (!last.current.key || last.current.input !== printed || printed === '') last.current = { input: printed, key: newKey() };
      const headers: ActHeaders = { 'Idempotency-Key': last.current.key };
      if (options.etag) headers['If-Match'] = options.etag;
      try {
        const result = await options.run(headers, input);
        last.current.key = '';
        return result;
      } catch (error) {
        if (error instanceof ProblemError && error.problem.status < 500) last.current.key = '';
        throw error;
      }
    },
    onSuccess: async (result, input) => {
      const text = typeof options.done === 'function' ? options.done(result, input) : options.done;
      if (text) say(text);
      for (const queryKey of options.invalidates ?? []) void client.invalidateQueries({ queryKey });
      void client.invalidateQueries({ queryKey: ['session'] });
      void client.invalidateQueries({ queryKey: ['work'] });
      options.onDone?.(result, input);
    },
  });
  return Object.assign(mutation, { problem: mutation.error ? problemOf(mutation.error) : undefined });
}

/** A random key; crypto.randomUUID needs a secure context, which loopback is. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
