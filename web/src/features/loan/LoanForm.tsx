import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { api, problemOf, ProblemError, read, readTagged, type Problem, type Schema } from '../../api/client';
import { newKey, useAct } from '../../shared/act';
import { DossierPick } from '../../shared/DossierPick';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import './loan.css';

type View = Schema<'LoanView'>;
type Options = Schema<'LoanOptions'>;
type Someone = Partial<Schema<'BorrowerBody'>>;
type Plain = Omit<Schema<'LoanBody'>, 'paperOn' | 'paperUntil' | 'people'>;

interface FormValues extends Partial<Plain> {
  paperOn?: Dayjs | null;
  paperUntil?: Dayjs | null;
  people: Someone[];
}

/** 登记借阅申请, and its completion: one form, every error beside its field. */
export default function LoanForm() {
  const { id } = useParams();
  const options = useQuery({ queryKey: ['loan-options'], queryFn: () => read(api.GET('/api/v1/loan-options')) });
  const present = useQuery({
    queryKey: ['loans', 'one', id],
    queryFn: () => readTagged(api.GET('/api/v1/loans/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
  });
  return <Answer query={options}>{(o) => (id === undefined ? <Entry options={o} /> : <Answer query={present}>{({ value, etag }) => <Entry options={o} present={value} etag={etag} />}</Answer>)}</Answer>;
}

const day = (text?: string) => (text ? dayjs(text) : undefined);

function initial(present: View | undefined, dossierId: string | null, options: Options): FormValues {
  if (!present) {
    return { dossierId: dossierId ?? undefined, unitKind: 'organ', way: 'messenger', days: Math.min(10, options.mostDays), people: [{ political: '01', carries: true, keeps: true }, { political: '01', carries: true }] };
  }
  const { dossierId: dossier, unitKind, unit, unitCode, superior, purpose, reason, basis, whyNotHere, keptAt, paperName, paperNo, sealed, matches, formSigned, formBy, pledged, days, way } = present;
  return {
    dossierId: dossier, unitKind, unit, unitCode, superior, purpose, reason, basis, whyNotHere, keptAt, paperName, paperNo, sealed, matches, formSigned, formBy, pledged, days, way,
    paperOn: day(present.paperOn), paperUntil: day(present.paperUntil),
    people: present.people.map(({ id, name, idNo, post, political, nonMember, card, carries, keeps, declared, pledged: secret }) => ({ id, name, idNo, post, political, nonMember, card, carries, keeps, declared, pledged: secret })),
  };
}

function body({ paperOn, paperUntil, people, ...v }: FormValues): Schema<'LoanBody'> {
  return {
    ...v, dossierId: v.dossierId ?? '', unitKind: v.unitKind ?? 'organ', unit: v.unit ?? '', purpose: v.purpose ?? '', days: v.days ?? 0, way: v.way ?? 'messenger',
    paperOn: paperOn?.format('YYYY-MM-DD'), paperUntil: paperUntil?.format('YYYY-MM-DD'),
    people: people.map((p) => ({ ...p, name: p.name ?? '', idNo: p.idNo ?? '' })),
  };
}

function Entry({ options, present, etag }: { options: Options; present?: View; etag?: string }) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [form] = Form.useForm<FormValues>();
  const [draft, setDraft] = useState(false);
  const slug = Form.useWatch('purpose', form) ?? present?.purpose;
  const purpose = options.purposes.find((p) => p.slug === slug);
  const unitKind = Form.useWatch('unitKind', form) ?? present?.unitKind ?? 'organ';
  const way = Form.useWatch('way', form) ?? present?.way ?? 'messenger';
  const people = (Form.useWatch('people', form) ?? []) as Someone[];
  // Two acts, one press: the form is kept, then handed in.
  const act = useAct({
    etag,
    invalidates: [['loans']],
    run: async (headers, v: FormValues): Promise<{ id: string; problem?: Problem; waits?: boolean }> => {
      const kept = present
        ? await read(api.PUT('/api/v1/loans/{id}', { params: { path: { id: present.id } }, body: body(v), headers }))
        : await read(api.POST('/api/v1/loans', { body: body(v), headers }));
      if (draft) return { id: kept.id };
      try {
        await read(api.POST('/api/v1/loans/{id}/submit', { params: { path: { id: kept.id } }, headers: { 'Idempotency-Key': newKey() } }));
        return { id: kept.id };
      } catch (error) {
        if (error instanceof ProblemError && error.problem.kind === 'incomplete') return { id: kept.id, waits: true };
        return { id: kept.id, problem: problemOf(error) };
      }
    },
    done: ({ problem, waits }) => (problem ? '' : draft ? '已存为草稿' : waits ? '已登记，需补正的内容已一次告知' : '申请已提交'),
    onDone: ({ id, problem }) => void navigate(`/loans/${id}`, { state: problem ? { problem } : undefined }),
  });
  const p = act.problem;
  const letter = purpose?.powers ? '法律文书' : '介绍信';
  const fields = ['dossierId', 'unitKind', 'unit', 'unitCode', 'purpose', 'paperOn', 'paperUntil', 'way', 'days', ...people.flatMap((_, i) => ['name', 'idNo', 'political'].map((f) => `people.${i}.${f}`))];
  const send = (asDraft: boolean) => { setDraft(asDraft); requestAnimationFrame(() => form.submit()); };
  return (
    <>
      <PageHead title={present ? '补正借阅申请' : '登记借阅申请'} sub={present?.no} crumbs={[{ label: '借阅', to: '/loans' }, ...(present ? [{ label: present.personName, to: `/loans/${present.id}` }] : []), { label: present ? '补正' : '登记' }]} />
      <div className="page-body">
        {present && present.missing.length > 0 && <div className="loan-form"><ProblemView problem={{ title: '需要补正', status: 422, kind: 'incomplete', reasons: present.missing }} /></div>}
        <Form form={form} layout="vertical" requiredMark={false} className="loan-form" initialValues={initial(present, search.get('dossier'), options)} onFinish={(v) => act.mutate(v)} scrollToFirstError>
          <SectionHead note="档案一般不外借：能在阅档室查阅、能以复制摘录代替的，请改办查阅">存档人员与借阅单位</SectionHead>
          <Form.Item label="存档人员" name="dossierId" rules={[{ required: true, message: '请选择存档人员。' }]} {...fieldError(p, 'dossierId')}>
            <DossierPick label="存档人员" disabled={present !== undefined} known={present && { id: present.dossierId, label: `${present.personName}　${present.dossierNo}` }} />
          </Form.Item>
          <div className="loan-grid">
            <Form.Item label="单位类型" name="unitKind" {...fieldError(p, 'unitKind')}><Radio.Group options={[{ label: '机关（含党委、纪检、司法）', value: 'organ' }, { label: '企业、事业单位及其他', value: 'unit' }]} /></Form.Item>
            <Form.Item label="统一社会信用代码" name="unitCode" extra={unitKind === 'organ' ? '机关可不填' : undefined} {...fieldError(p, 'unitCode')}><Input maxLength={32} autoComplete="off" /></Form.Item>
            <Form.Item label="借阅单位全称" name="unit" rules={[{ required: true, message: '请填写借阅单位全称。' }]} {...fieldError(p, 'unit')}><Input maxLength={120} /></Form.Item>
            <Form.Item label="上级主管单位（选填）" name="superior" extra="催还、召回的函抄送"><Input maxLength={120} /></Form.Item>
          </div>

          <SectionHead>事由与{letter}</SectionHead>
          <div className="loan-grid">
            <Form.Item label="借阅事由" name="purpose" rules={[{ required: true, message: '请选择借阅事由。' }]} extra={purpose && `需要：${purpose.papers}`} {...fieldError(p, 'purpose')}>
              <Select aria-label="借阅事由" options={options.purposes.map((x) => ({ value: x.slug, label: x.name }))} />
            </Form.Item>
            <Form.Item label="文书名称" name="paperName"><Input maxLength={60} placeholder={letter} /></Form.Item>
          </div>
          <Form.Item label="事由说明（依据文件）" name="reason"><Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 5 }} /></Form.Item>
          <Form.Item label="不能就地查阅的理由" name="whyNotHere" extra="写明为什么不能在阅档室查阅，也不能以复制摘录代替"><Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 5 }} /></Form.Item>
          {purpose?.basis && <Form.Item label="法律依据" name="basis" extra="写明法律、法规或规章的名称和条款"><Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 4 }} /></Form.Item>}
          <div className="loan-grid three">
            <Form.Item label={`${letter}文号`} name="paperNo"><Input maxLength={80} /></Form.Item>
            <Form.Item label={`${letter}日期`} name="paperOn" {...fieldError(p, 'paperOn')}><DatePicker aria-label={`${letter}日期`} style={{ width: '100%' }} /></Form.Item>
            <Form.Item label="有效期至" name="paperUntil" extra={purpose?.powers ? '未写明的不填' : '未写明的按 15 天计'} {...fieldError(p, 'paperUntil')}><DatePicker aria-label="有效期至" style={{ width: '100%' }} /></Form.Item>
          </div>
          <fieldset className="loan-ticks">
            <legend>窗口核验</legend>
            <Form.Item name="sealed" valuePropName="checked" noStyle><Checkbox>{letter}已加盖公章</Checkbox></Form.Item>
            <Form.Item name="matches" valuePropName="checked" noStyle><Checkbox>抬头、存档人员、借阅人与申请一致</Checkbox></Form.Item>
            {!purpose?.powers && <Form.Item name="formSigned" valuePropName="checked" noStyle><Checkbox>借阅申请表经单位负责人签署并盖章</Checkbox></Form.Item>}
            <Form.Item name="pledged" valuePropName="checked" noStyle><Checkbox>单位已签安全保密、按期归还承诺</Checkbox></Form.Item>
          </fieldset>
          {!purpose?.powers && <Form.Item label="签署人（借阅单位负责人）" name="formBy"><Input maxLength={60} style={{ maxWidth: 240 }} /></Form.Item>}

          <SectionHead>借出与保管</SectionHead>
          <div className="loan-grid">
            <Form.Item label="取送方式" name="way" extra={way === 'messenger' ? '在下面勾选两名取送人；不得由存档人员本人或其亲属取送' : '借出时登记机要号和接收人'} {...fieldError(p, 'way')}><Radio.Group options={[{ label: '专人送取（两人）', value: 'messenger' }, { label: '机要通信', value: 'confidential' }]} /></Form.Item>
            <Form.Item label={`借阅期限（天，至多 ${options.mostDays}）`} name="days" extra="自交接之日起；到期前可以续借一次" {...fieldError(p, 'days')}><InputNumber aria-label="借阅期限" min={1} max={options.mostDays} precision={0} style={{ width: 140 }} /></Form.Item>
          </div>
          <Form.Item label="借出后存放地点" name="keptAt"><Input maxLength={200} placeholder="房间和铁皮柜、保险柜" /></Form.Item>

          <Form.List name="people">
            {(rows, { add, remove }) => (
              <>
                <SectionHead n={rows.length} note="两人以上，一般为中共党员；其中一人为保管责任人" end={rows.length < 10 && <button type="button" className="bare" onClick={() => add({ political: '01' })}>增加借阅人</button>}>借阅人</SectionHead>
                {rows.map((row) => (
                  <fieldset key={row.key} className="loan-person">
                    <legend>借阅人 {row.name + 1}{rows.length > 1 && <button type="button" className="bare dense" onClick={() => remove(row.name)}>移除<span className="hidden-text">借阅人 {row.name + 1}</span></button>}</legend>
                    <Form.Item name={[row.name, 'id']} hidden><Input /></Form.Item>
                    <div className="loan-grid four">
                      <Form.Item label="姓名" name={[row.name, 'name']} rules={[{ required: true, message: '请填写姓名。' }]} {...fieldError(p, `people.${row.name}.name`)}><Input maxLength={60} autoComplete="off" /></Form.Item>
                      <Form.Item label="公民身份号码" name={[row.name, 'idNo']} rules={[{ required: true, message: '请填写公民身份号码。' }]} {...fieldError(p, `people.${row.name}.idNo`)}><Input maxLength={32} autoComplete="off" /></Form.Item>
                      <Form.Item label="单位职务" name={[row.name, 'post']}><Input maxLength={120} /></Form.Item>
                      <Form.Item label="政治面貌" name={[row.name, 'political']} {...fieldError(p, `people.${row.name}.political`)}><Select aria-label={`借阅人 ${row.name + 1} 政治面貌`} allowClear options={options.politicals.map((x) => ({ value: x.code, label: x.name }))} /></Form.Item>
                    </div>
                    {purpose?.powers && <Form.Item label="工作证件号" name={[row.name, 'card']}><Input maxLength={60} style={{ maxWidth: 240 }} /></Form.Item>}
                    {!purpose?.powers && people[row.name]?.political !== '01' && <Form.Item label="非中共党员借阅的理由" name={[row.name, 'nonMember']}><Input maxLength={200} /></Form.Item>}
                    <div className="loan-ticks">
                      <Form.Item name={[row.name, 'keeps']} valuePropName="checked" noStyle><Checkbox>保管责任人</Checkbox></Form.Item>
                      {way === 'messenger' && <Form.Item name={[row.name, 'carries']} valuePropName="checked" noStyle><Checkbox>取送人</Checkbox></Form.Item>}
                      <Form.Item name={[row.name, 'declared']} valuePropName="checked" noStyle><Checkbox>本人已签亲属回避声明</Checkbox></Form.Item>
                      <Form.Item name={[row.name, 'pledged']} valuePropName="checked" noStyle><Checkbox>本人已签保密承诺</Checkbox></Form.Item>
                    </div>
                  </fieldset>
                ))}
              </>
            )}
          </Form.List>
          <ProblemView problem={p} fields={fields} />
        </Form>
      </div>
      <div className="stickybar">
        <span className="meta">提交后出具受理回执；材料不齐的，一次性告知，本件等待补正</span>
        <span className="end">
          <Link to={present ? `/loans/${present.id}` : '/loans'}><Button>取消</Button></Link>
          {(!present || present.state === 'draft') && <Button loading={act.isPending && draft} onClick={() => send(true)}>存为草稿</Button>}
          <Button type="primary" loading={act.isPending && !draft} onClick={() => send(false)}>提交申请</Button>
        </span>
      </div>
    </>
  );
}
