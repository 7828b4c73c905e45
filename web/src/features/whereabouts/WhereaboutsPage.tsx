import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { logTime } from '../../shared/dates';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { openPdf } from '../../shared/files';
import { PagingBar, useKeyset } from '../../shared/list';
import { MandateField } from '../../shared/mandate';
import { PageHead, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';

type Answered = Schema<'InquiryView'>;

interface Values {
  name: string;
  idNo: string;
  document: string;
  contact?: string;
  print: boolean;
}

/** 查档去向: a person present asks where the dossier is; question and answer stay on record. */
export default function WhereaboutsPage() {
  // The answer outlives the form, which begins anew once a question that was completed is answered.
  const [answer, setAnswer] = useState<Answered>();
  return <Resume<Schema<'WhereaboutsQuestion'>>>{(resumed) => <Ask key={resumed.intake?.id ?? ''} resumed={resumed} answer={answer} setAnswer={setAnswer} />}</Resume>;
}

function Ask({ resumed, answer, setAnswer }: { resumed: Resumed<Schema<'WhereaboutsQuestion'>>; answer: Answered | undefined; setAnswer: (a: Answered | undefined) => void }) {
  const [form] = Form.useForm<Values>();
  const go = useNavigate();
  const [asker, setAsker] = useState<'person' | 'agent'>(resumed.application?.agent ? 'agent' : 'person');
  const [mandate, setMandate] = useState<Schema<'MandateItem'>>();
  const name = Form.useWatch('name', form);
  const idNo = Form.useWatch('idNo', form);
  const list = useKeyset<Answered>({ key: ['inquiries'], fetch: (cursor, limit) => read(api.GET('/api/v1/inquiries', { params: { query: { cursor, limit } } })) });
  const question = (v: Values): Schema<'WhereaboutsQuestion'> => ({ name: v.name, idNo: v.idNo, document: v.document, contact: v.contact, ...(asker === 'agent' && { agent: true, mandateId: mandate?.id ?? '' }), print: v.print });
  const act = useAct({
    run: (headers, v: Values) => read(api.POST('/api/v1/inquiries', { headers, body: { ...question(v), intakeId: resumed.intake?.id } })),
    invalidates: [['inquiries'], ['intakes'], ['work']],
    onDone: (a) => {
      setAnswer(a);
      if (resumed.intake) void go('/whereabouts', { replace: true });
      form.resetFields();
      setMandate(undefined);
      setAsker('person');
    },
  });
  return (
    <>
      <PageHead title="查档去向" sub="答复到场的本人或其代办人：档案在哪里、怎样联系" />
      <div className="page-body">
        <ResumedNote intake={resumed.intake} />
        <Form form={form} layout="vertical" requiredMark={false} style={{ maxWidth: 720 }} initialValues={{ document: '居民身份证', print: true, ...resumed.application }} onFinish={(v) => { setAnswer(undefined); act.mutate(v); }}>
          <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            <Form.Item name="name" label="姓名" rules={[{ required: true, message: '请照证件填写。' }]} style={{ width: 160 }} {...fieldError(act.problem, 'name')}><Input maxLength={60} autoComplete="off" /></Form.Item>
            <Form.Item name="idNo" label="身份证号" rules={[{ required: true, message: '请照证件填写。' }]} style={{ width: 240 }} {...fieldError(act.problem, 'idNo')}><Input maxLength={30} autoComplete="off" /></Form.Item>
            <Form.Item name="document" label="查验的证件" style={{ width: 180 }} {...fieldError(act.problem, 'document')}>
              <Select options={[...['居民身份证', '社会保障卡', '临时居民身份证', '护照', '户口簿'].map((value) => ({ value, label: value })), { value: '', label: '没有出示' }]} />
            </Form.Item>
            <Form.Item name="contact" label="联系方式" extra="当场没有查到的，核实后由负责的机构联系；不留的可以不填" style={{ width: 420 }} {...fieldError(act.problem, 'contact')}><Input maxLength={120} autoComplete="off" placeholder="手机号或邮箱" /></Form.Item>
          </div>
          <Segments label="谁来查询" value={asker} onChange={setAsker} options={[{ key: 'person', label: '本人到场' }, { key: 'agent', label: '代办人' }]} />
          {asker === 'agent' && <MandateField matter="whereabouts" principal={{ name, idNo }} value={mandate} onChange={setMandate} />}
          <Form.Item name="print" valuePropName="checked" style={{ marginTop: 12 }}><Checkbox>出具答复单</Checkbox></Form.Item>
          <ProblemView problem={act.problem} fields={['name', 'idNo', 'document', 'contact']} />
          <RecordIntake matter="whereabouts" problem={act.problem} kinds={['incomplete', 'refused']} application={() => question(form.getFieldsValue())} intake={resumed.intake} />
          <Button type="primary" htmlType="submit" loading={act.isPending} style={{ marginTop: 12 }}>查询并答复</Button>
        </Form>
        {answer && (
          <section aria-label="答复" aria-live="polite" style={{ marginTop: 20 }}>
            <SectionHead note={`${answer.no}　${answer.name}　${answer.idNo}`}>答复</SectionHead>
            <p style={{ borderLeft: '3px solid var(--line-strong)', padding: '10px 14px', fontSize: 15, lineHeight: '26px', maxWidth: 720 }}>{answer.answer}</p>
            <p style={{ marginTop: 10, display: 'flex', gap: 12, alignItems: 'center' }}>
              {answer.paper && <Button onClick={() => void openPdf(`/api/v1/documents/${answer.paper}/pdf`)}>打印答复单</Button>}
              {answer.dossierId && <Link className="text-link" to={`/dossiers/${answer.dossierId}`}>打开档案</Link>}
            </p>
          </section>
        )}
        <SectionHead>已答复</SectionHead>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有答复过查档去向。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">登记号</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">查询人</th><th scope="col">答复</th><th scope="col">经办</th><th scope="col">时间</th></tr></thead>
                <tbody>
                  {list.items.map((q) => (
                    <tr key={q.id}>
                      <td className="nowrap">{q.paper ? <button type="button" className="bare" onClick={() => void openPdf(`/api/v1/documents/${q.paper}/pdf`)}>{q.no}</button> : q.no}</td>
                      <td className="nowrap">{q.name}</td><td className="nowrap">{q.idNo}</td><td>{q.asker}</td>
                      <td className="dense">{q.answer}</td><td className="nowrap">{q.by}</td><td className="nowrap ink2">{logTime(q.at)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="次" />}
    </>
  );
}
