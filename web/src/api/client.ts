import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

/** The API, typed by its own document. */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin', fetch: proving });

export type Schema<K extends keyof components['schemas']> = components['schemas'][K];

export interface Reason {
  rule: string;
  slug: string;
  message: string;
  next: string;
  field?: string;
  clause?: string;
  text?: string;
  facts?: Record<string, unknown>;
}

export type ProblemKind = 'invalid' | 'incomplete' | 'refused' | 'conflict' | 'absent' | 'signin' | 'proof' | 'error';

/** What the API says when it does not do a thing (problem+json). */
export interface Problem {
  title: string;
  status: number;
  kind: ProblemKind;
  detail?: string;
  reasons?: Reason[] | null;
  number?: string;
}

/** A Problem that travels as an exception. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

const unreachable: Problem = {
  title: '连接不上',
  status: 0,
  kind: 'error',
  detail: '没有连上服务器，不能确定是否已经办理。再按一次不会重复办理；仍不行请检查网络。',
};

type Prove = (problem: Problem) => Promise<boolean>;
let prove: Prove | undefined;
let asked: Promise<boolean> | undefined;

/** The dialog that asks who sits here (shared/proof.tsx); one question at a time. */
export function onProof(ask: Prove | undefined): void {
  prove = ask;
}

/**
 * Sends a request; where the API asks for a fresh proof of identity, the dialog
 * asks for it and the same request, key and all, is sent again.
 */
async function proving(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 403 || !prove) return response;
  const problem = (await response.clone().json().catch(() => undefined)) as Problem | undefined;
  if (problem?.kind !== 'proof') return response;
  asked ??= prove(problem).finally(() => { asked = undefined; });
  return (await asked) ? fetch(again) : response;
}

/** Turns whatever was thrown into a Problem. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TypeError) return unreachable;
  return { title: '页面出错', status: 0, kind: 'error', detail: '页面没有办成这一步。请重试；仍不行请重新载入页面。' };
}

function asProblem(error: unknown, response: Response): Problem {
  if (error && typeof error === 'object' && 'kind' in error) return error as Problem;
  return { title: '系统出错', status: response.status, kind: response.status === 401 ? 'signin' : 'error', detail: '这次没有办成。请重试；仍不行请告诉系统管理员。' };
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; anything but success is thrown as ProblemError. */
export async function read<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ProblemError(asProblem(error, response));
  return data as T;
}

/** An aggregate with the version it was read in, for If-Match. */
export interface Tagged<T> {
  value: T;
  etag: string;
}

/** Like read, with the ETag. */
export async function readTagged<T>(answer: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ProblemError(asProblem(error, response));
  return { value: data as T, etag: response.headers.get('ETag') ?? '' };
}

/** For requests outside the typed client (files): same cookies, same errors. */
export async function fetchOrThrow(path: string, init?: RequestInit): Promise<Response> {
  const response = await proving(new Request(path, { credentials: 'same-origin', ...init }));
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  throw new ProblemError(asProblem(body, response));
}
