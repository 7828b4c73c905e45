import { Button } from 'antd';
import { Link, useRouteError } from 'react-router';
import { PageHead } from '../shared/page';
import { ProblemView } from '../shared/problem';
import { problemOf } from '../api/client';

/** Does not exist, or is not this post's business: the same answer (404). */
export function NotFound() {
  return (
    <>
      <PageHead title="没有这个页面" />
      <div className="page-body prose">
        <p>没有这个页面，或者不在您的业务范围内。请核对网址或编号。</p>
        <p style={{ marginTop: 12 }}><Link to="/" className="text-link">回到首页</Link></p>
      </div>
    </>
  );
}

/** A page that broke. Usually a new version was installed meanwhile. */
export function Crash() {
  const error = useRouteError();
  return (
    <div className="page-body narrow">
      <h1 className="hidden-text">页面出错</h1>
      <ProblemView problem={problemOf(error)} />
      <p style={{ marginTop: 12 }}><Button onClick={() => window.location.reload()}>重新载入页面</Button></p>
    </div>
  );
}
