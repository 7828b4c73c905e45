import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Schema } from '../../api/client';
import { RateForm } from '../rating/RateForm';
import { Outside } from './frame';

/** 评价 (28) of one's own application, signed in. */
export default function RatePage() {
  const [params] = useSearchParams();
  const client = useQueryClient();
  const slip = { number: params.get('n') ?? '', code: params.get('c') ?? '' };
  const [taken, setTaken] = useState<Schema<'RatingTaken'>>();
  const done = (t: Schema<'RatingTaken'>) => {
    setTaken(t);
    void client.invalidateQueries({ queryKey: ['portal'] });
  };
  return (
    <Outside title="服务评价" back>
      <section className="who"><p>受理回执 {slip.number}</p></section>
      {taken ? (
        <section role="status"><h2>已收到您的评价，谢谢</h2><p>{taken.called ? '将由没有经手的工作人员回访核实，结果会告诉您。' : '您的意见将用于改进服务。'}</p><p><Link className="text-link" to="/portal">返回</Link></p></section>
      ) : <RateForm slip={slip} at="portal" onTaken={done} />}
    </Outside>
  );
}
