import { QueryCache, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { Suspense, useMemo, useState } from 'react';
import { createBrowserRouter, Outlet, RouterProvider } from 'react-router';
import { problemOf, ProblemError } from '../api/client';
import { ProblemView } from '../shared/problem';
import { Proof } from './Proof';
import { Loading } from '../shared/states';
import type { Feature } from './features';
import { features } from './registry';
import { Crash, NotFound } from './fallback';
import { sessionQuery } from './session';
import { Shell } from './Shell';
import { ForcedPassword, ForcedTotp, SignIn } from './SignIn';
import { locale, theme } from './theme';

dayjs.locale('zh-cn');

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ProblemError && error.problem.kind === 'signin') client.setQueryData(['session'], null);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 1 && problemOf(error).status === 0,
      refetchOnWindowFocus: true,
    },
  },
});

/** Signed in and allowed on, or the page that is in the way. */
function SignedIn() {
  const session = useQuery(sessionQuery);
  // Enrolling ends when its recovery codes were copied, not when the session is full.
  const [enrolling, setEnrolling] = useState(false);
  if (session.data?.needsTotp && !session.data.needsPasswordChange && !enrolling) setEnrolling(true);
  if (session.error) return <div className="gate-box"><ProblemView problem={problemOf(session.error)} onRetry={() => void session.refetch()} /></div>;
  if (session.data === undefined) return null;
  if (session.data === null) return <SignIn />;
  if (session.data.needsPasswordChange) return <ForcedPassword />;
  if (enrolling) return <><ForcedTotp onDone={() => setEnrolling(false)} /><Proof /></>;
  return <><Outlet /><Proof /></>;
}

const wait = <div className="page-body"><Loading /></div>;

function route(f: Feature) {
  return { path: f.path, element: <Suspense fallback={wait}><f.element /></Suspense>, errorElement: <Crash /> };
}

const byFrame = (frame: Feature['frame']) => features.filter((f) => (f.frame ?? 'shell') === frame).map(route);

const router = createBrowserRouter([
  ...byFrame('public').map((r) => ({ ...r, path: `/${r.path}` })),
  {
    element: <SignedIn />,
    children: [
      ...byFrame('bare').map((r) => ({ ...r, path: `/${r.path}` })),
      { path: '/', element: <Shell />, children: [...byFrame('shell'), { path: '*', element: <NotFound /> }] },
    ],
  },
]);

/** Popups stay inside the page's main, so that landmarks hold them. */
const popups = (trigger?: HTMLElement) => trigger?.closest<HTMLElement>('.ant-modal-container, main, header') ?? document.querySelector('main') ?? document.body;

export function App() {
  const csp = useMemo(() => (nonce ? { nonce } : undefined), []);
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider theme={theme} locale={locale} csp={csp} button={{ autoInsertSpace: false }} getPopupContainer={popups} table={{}} form={{ requiredMark: 'optional' }}>
        <RouterProvider router={router} />
      </ConfigProvider>
    </QueryClientProvider>
  );
}
