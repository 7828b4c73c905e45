import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { api, ProblemError, read } from '../api/client';

export type Post = 'clerk' | 'reviewer' | 'keeper' | 'scanner' | 'head' | 'supervisor' | 'statistician' | 'organization' | 'archives' | 'sysadmin' | 'secadmin' | 'auditor';

/** The posts of the organization and archives departments and of statistics. */
export const readers: Post[] = ['statistician', 'organization', 'archives'];

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      return await read(api.GET('/api/v1/session'));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
  staleTime: 15_000,
});

export type Session = NonNullable<Awaited<ReturnType<Exclude<typeof sessionQuery.queryFn, undefined | symbol>>>>;

/** The session of a signed-in page. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('page outside a session');
  return data;
}

export function hasPost(session: Session, ...posts: Post[]): boolean {
  return session.user.posts.some((p) => posts.includes(p.code as Post));
}

/** Holds posts that read figures and nothing else (5). */
export function readsOnly(session: Session): boolean {
  return session.user.posts.length > 0 && session.user.posts.every((p) => readers.includes(p.code as Post));
}

/** Nobody is signed in any more: nothing that was read stays. */
export function leave(client: QueryClient) {
  client.setQueryData(['session'], null);
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
}
