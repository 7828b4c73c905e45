import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Form, Input, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { api, problemOf, ProblemError, read, readTagged, type Problem, type Schema } from '../../api/client';
import { newKey, useAct } from '../../shared/act';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView, ReasonView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { DossierPick } from '../../shared/DossierPick';
import './access.css';

type Options = Schema<'ConsultationOptions'>;
type View = Schema<'ConsultationView'>;
type Sent = Schema<'ApplicationBody'> & { personName?: string; personIdNo?: string };
type ReaderForm = Partial<Schema<'ReaderBody'>>;

interface FormValues {
  dossierId?: string;
  unitKind: 'unit' | 'organ';
  unit?: string;
  unitCode?: string;
  purpose?: string;
  reason?: string;
  basis?: string;
  paperName?: string;
  paperNo?: string;
  paperOn?: Dayjs | null;
  paperUntil?: Dayjs | null;
  sealed?: boolean;
  matches?: boolean;
  formSigned?: boolean;
  formBy?: string;
  scope: 'whole' | 'classes';
  classes?: string[];
  way?: 'digital' | 'paper';
  readers: ReaderForm[];
}

/** 登记查阅申请, and its completion: one form, every error beside its field. */
export default function ApplicationPage() {
  const { id } = useParams();
  const options = useQuery({ queryKey: ['consultation-options'], queryFn: () => read(api.GET('/api/v1/consultation-options')), staleTime: Infinity });
  const present = useQuery({
    queryKey: ['consultations', 'one', id],
    queryFn: () => readTagged(api.GET('/api/v1/consultations/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
  });
  return (
    <Answer query={options}>
      {(o) => (id === undefined ? <Resume<Sent>>{(resumed) => <ApplicationForm options={o} resumed={resumed} />}</Resume> : <Answer query={present}>{({ value, etag }) => <ApplicationForm options={o} present={value} etag={etag} />}</Answer>)}
    </Answer>
  );
}

const day = (text?: string) => (text ? dayjs(text) : undefined);
const blank: ReaderForm = { political: '01' };

function initial(present: View | undefined, dossierId: string | null, resumed?: Resumed<Sent>): FormValues {
  if (!present && resumed?.application) {
    const { unitKind = 'unit', paperOn, paperUntil, classes, readers, dossierId: named, ...rest } = resumed.application;
    return { ...rest, dossierId: named || (resumed.intake?.keptHere ? resumed.intake.dossierId : undefined), unitKind, paperOn: day(paperOn), paperUntil: day(paperUntil), scope: classes?.length ? 'classes' : 'whole', classes: classes ?? undefined, readers: readers ?? [] };
  }
  if (!present) return { dossierId: dossierId ?? undefined, unitKind: 'organ', scope: 'whole', readers: [{ ...blank }, { ...blank }] };
  const { unitKind, unit, unitCode, purpose, reason, basis, paperName, paperNo, sealed, matches, formSigned, formBy, way } = present;
  return {
    dossierId: present.dossierId, unitKind, unit, unitCode, purpose, reason, basis, paperName, paperNo, sealed, matches, formSigned, formBy, way,
    paperOn: day(present.paperOn), paperUntil: day(present.paperUntil), scope: present.classes.length > 0 ? 'classes' : 'whole', classes: present.classes,
    readers: present.readers.map(({ id, name, idNo, post, political, nonMember, card, declared, pledged }) => ({ id, name, idNo, post, political, nonMember, card, declared, pledged })),
  };
}

function body(v: FormValues): Schema<'ApplicationBody'> {
  return {
    dossierId: v.dossierId ?? '', unitKind: v.unitKind, unit: v.unit ?? '', unitCode: v.unitCode, purpose: v.purpose ?? '', reason: v.reason, basis: v.basis,
    paperName: v.paperName, paperNo: v.paperNo, paperOn: v.paperOn?.format('YYYY-MM-DD'), paperUntil: v.paperUntil?.format('YYYY-MM-DD'),
    sealed: v.sealed, matches: v.matches, formSigned: v.formSigned, formBy: v.formBy, classes: v.scope === 'classes' ? v.classes : undefined, way: v.way ?? 'paper',
    readers: (v.readers ?? []).map((r) => ({ ...r, name: r.name ?? '', idNo: r.idNo ?? '' })),
  };
}

function ApplicationForm({ options, present, etag, resumed }: { options: Options; present?: View; etag?: string; resumed?: Resumed<Sent> }) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [form] = Form.useForm<FormValues>();
  const [draft, setDraft] = useState(false);
  const slug = Form.useWatch('purpose', form) ?? present?.purpose;
  const purpose = options.purposes.find((p) => p.slug === slug);
  const unitKind = Form.useWatch('unitKind', form) ?? present?.unitKind ?? 'organ';
  const scope = Form.useWatch('scope', form) ?? 'whole';
  const readers = (Form.useWatch('readers', form) ?? []) as ReaderForm[];
  const dossierId = Form.useWatch('dossierId', form) as string | undefined;
  const way = Form.useWatch('way', form);
  const ways = useQuery({
    queryKey: ['consultations', 'ways', dossierId],
    queryFn: () => read(api.GET('/api/v1/consultation-ways', { params: { query: { dossier: dossierId ?? '' } } })),
    enabled: Boolean(dossierId),
  });
  const known = ways.data?.ways;
  const hindered = known?.filter((w) => w.reasons.length > 0) ?? [];
  // The first way that is open is proposed; one that is not is never sent by oversight.
  useEffect(() => {
    if (known && !known.some((w) => w.way === way && w.reasons.length === 0)) form.setFieldValue('way', known.find((w) => w.reasons.length === 0)?.way);
  }, [known, way, form]);
  // Two acts, one press: the form is kept, then handed in. A case that was kept and
  // could not be handed in goes on from its page, with what stood in the way.
  const act = useAct({
    etag,
    invalidates: [['consultations'], ['intakes']],
    run: async (headers, v: FormValues): Promise<{ id: string; problem?: Problem; waits?: boolean }> => {
      const kept = present
        ? await read(api.PUT('/api/v1/consultations/{id}', { params: { path: { id: present.id } }, body: body(v), headers }))
        : await read(api.POST('/api/v1/consultations', { body: { ...body(v), intakeId: resumed?.intake?.id }, headers }));
      if (draft) return { id: kept.id };
      try {
        await read(api.POST('/api/v1/consultations/{id}/submit', { params: { path: { id: kept.id } }, headers: { 'Idempotency-Key': newKey() } }));
        return { id: kept.id };
      } catch (error) {
        if (error instanceof ProblemError && error.problem.kind === 'incomplete') return { id: kept.id, waits: true };
        return { id: kept.id, problem: problemOf(error) };
      }
    },
    done: ({ problem, waits }) => (problem ? '' : draft ? '已存为草稿' : waits ? '已登记，需补正的内容已一次告知' : '申请已提交'),
    onDone: ({ id, problem }) => void navigate(`/consultations/${id}`, { state: problem ? { problem } : undefined }),
  });
  const p = act.problem;
  const letter = purpose?.powers ? '法律文书' : '介绍信';
  const fields = ['dossierId', 'unitKind', 'unit', 'unitCode', 'purpose', 'paperOn', 'paperUntil', 'classes', 'way', ...readers.flatMap((_, i) => ['name', 'idNo', 'political'].map((f) => `readers.${i}.${f}`))];
  const send = (asDraft: boolean) => { setDraft(asDraft); requestAnimationFrame(() => form.submit()); };
  return (
    <>
      <PageHead title={present ? '补正查阅申请' : '登记查阅申请'} sub={present?.no} crumbs={[{ label: '查阅', to: '/consultations' }, ...(present ? [{ label: present.personName, to: `/consultations/${present.id}` }] : []), { label: present ? '补正' : '登记' }]} />
      <div className="page-body">
        <ResumedNote intake={resumed?.intake} />
        {present && present.missing.length > 0 && (
          <div className="access-form"><ProblemView problem={{ title: '需要补正', status: 422, kind: 'incomplete', reasons: present.missing }} /></div>
        )}
        <Form form={form} layout="vertical" requiredMark={false} className="access-form" initialValues={initial(present, search.get('dossier'), resumed)} onFinish={(v) => act.mutate(v)} scrollToFirstError>
          <SectionHead note="照介绍信、身份证和查阅申请表填写；缺的材料可以先登记，系统一次性告知需补正的内容">被查阅人与查阅单位</SectionHead>
          <Form.Item label="被查阅人" name="dossierId" rules={[{ required: true, message: '请选择被查阅人。' }]} {...fieldError(p, 'dossierId')}>
            <DossierPick disabled={present !== undefined} known={present && { id: present.dossierId, label: `${present.personName}　${present.dossierNo}` }} />
          </Form.Item>
          <div className="access-grid">
            <Form.Item label="单位类型" name="unitKind" {...fieldError(p, 'unitKind')}>
              <Radio.Group options={[{ label: '机关（含党委、纪检、司法）', value: 'organ' }, { label: '企业、事业单位及其他', value: 'unit' }]} />
            </Form.Item>
            <Form.Item label="统一社会信用代码" name="unitCode" extra={unitKind === 'organ' ? '机关可不填' : undefined} {...fieldError(p, 'unitCode')}><Input maxLength={32} autoComplete="off" /></Form.Item>
          </div>
          <Form.Item label="查阅单位全称" name="unit" rules={[{ required: true, message: '请填写查阅单位全称。' }]} {...fieldError(p, 'unit')}><Input maxLength={120} /></Form.Item>

          <SectionHead>事由与{letter}</SectionHead>
          <div className="access-grid">
            <Form.Item label="查阅事由" name="purpose" rules={[{ required: true, message: '请选择查阅事由。' }]} extra={purpose && `需要：${purpose.papers}`} {...fieldError(p, 'purpose')}>
              <Select aria-label="查阅事由" options={options.purposes.map((x) => ({ value: x.slug, label: x.name }))} />
            </Form.Item>
            <Form.Item label="文书名称" name="paperName" extra={purpose?.powers ? '如调查取证通知书、协助查询函、审计通知书' : undefined}><Input maxLength={60} placeholder={letter} /></Form.Item>
          </div>
          <Form.Item label="事由说明（依据文件）" name="reason"><Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 5 }} /></Form.Item>
          {purpose?.basis && <Form.Item label="法律依据" name="basis" extra="写明法律、法规或规章的名称和条款；由机构负责人再批一次"><Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 4 }} /></Form.Item>}
          <div className="access-grid three">
            <Form.Item label={`${letter}文号`} name="paperNo"><Input maxLength={80} /></Form.Item>
            <Form.Item label={`${letter}日期`} name="paperOn" {...fieldError(p, 'paperOn')}><DatePicker aria-label={`${letter}日期`} style={{ width: '100%' }} /></Form.Item>
            <Form.Item label="有效期至" name="paperUntil" extra={purpose?.powers ? '未写明的不填' : '未写明的按 15 天计'} {...fieldError(p, 'paperUntil')}><DatePicker aria-label="有效期至" style={{ width: '100%' }} /></Form.Item>
          </div>
          <fieldset className="access-ticks">
            <legend>窗口核验</legend>
            <Form.Item name="sealed" valuePropName="checked" noStyle><Checkbox>{letter}已加盖公章</Checkbox></Form.Item>
            <Form.Item name="matches" valuePropName="checked" noStyle><Checkbox>抬头、被查阅人、查阅人与申请一致</Checkbox></Form.Item>
            {!purpose?.powers && <Form.Item name="formSigned" valuePropName="checked" noStyle><Checkbox>查阅申请表经单位负责人签署并盖章</Checkbox></Form.Item>}
          </fieldset>
          {!purpose?.powers && <Form.Item label="签署人（查阅单位负责人）" name="formBy"><Input maxLength={60} style={{ maxWidth: 240 }} /></Form.Item>}

          <Form.List name="readers">
            {(rows, { add, remove }) => (
              <>
                <SectionHead n={rows.length} note="两人以上，一般为中共党员" end={rows.length < 10 && <button type="button" className="bare" onClick={() => add({ ...blank })}>增加查阅人</button>}>查阅人</SectionHead>
                {rows.map((row) => (
                  <fieldset key={row.key} className="access-reader">
                    <legend>查阅人 {row.name + 1}{rows.length > 1 && <button type="button" className="bare dense" onClick={() => remove(row.name)}>移除<span className="hidden-text">查阅人 {row.name + 1}</span></button>}</legend>
                    <Form.Item name={[row.name, 'id']} hidden><Input /></Form.Item>
                    <div className="access-grid four">
                      <Form.Item label="姓名" name={[row.name, 'name']} rules={[{ required: true, message: '请填写姓名。' }]} {...fieldError(p, `readers.${row.name}.name`)}><Input maxLength={60} autoComplete="off" /></Form.Item>
                      <Form.Item label="公民身份号码" name={[row.name, 'idNo']} rules={[{ required: true, message: '请填写公民身份号码。' }]} {...fieldError(p, `readers.${row.name}.idNo`)}><Input maxLength={32} autoComplete="off" /></Form.Item>
                      <Form.Item label="单位职务" name={[row.name, 'post']}><Input maxLength={120} /></Form.Item>
                      <Form.Item label="政治面貌" name={[row.name, 'political']} {...fieldError(p, `readers.${row.name}.political`)}>
                        <Select aria-label={`查阅人 ${row.name + 1} 政治面貌`} allowClear options={options.politicals.map((x) => ({ value: x.code, label: x.name }))} />
                      </Form.Item>
                    </div>
                    {purpose?.powers && <Form.Item label="工作证件号" name={[row.name, 'card']}><Input maxLength={60} style={{ maxWidth: 240 }} /></Form.Item>}
                    {!purpose?.powers && readers[row.name]?.political !== '01' && <Form.Item label="非中共党员查阅的理由" name={[row.name, 'nonMember']}><Input maxLength={200} /></Form.Item>}
                    <div className="access-ticks">
                      <Form.Item name={[row.name, 'declared']} valuePropName="checked" noStyle><Checkbox>本人已签亲属回避声明</Checkbox></Form.Item>
                      <Form.Item name={[row.name, 'pledged']} valuePropName="checked" noStyle><Checkbox>本人已签保密承诺</Checkbox></Form.Item>
                    </div>
                  </fieldset>
                ))}
              </>
            )}
          </Form.List>

          <SectionHead>查阅内容</SectionHead>
          <div className="access-grid">
            <Form.Item label="申请范围" name="scope"><Radio.Group options={[{ label: '全卷（涉密材料除外）', value: 'whole' }, { label: '按类', value: 'classes' }]} /></Form.Item>
            <Form.Item label="查阅方式" name="way" extra={known ? '纸质原件由库管提档到阅档室' : '选定被查阅人后显示可用的方式'} rules={[{ required: true, message: '请选定查阅方式。' }]} {...fieldError(p, 'way')}>
              <Radio.Group options={(known ?? [{ way: 'digital', name: '数字影像', reasons: [] }, { way: 'paper', name: '纸质原件', reasons: [] }]).map((w) => ({ label: w.name, value: w.way, disabled: !known || w.reasons.length > 0 }))} />
            </Form.Item>
          </div>
          {hindered.length > 0 && (
            <div className="refusal wait" role="note" aria-label="不可用的查阅方式">
              {hindered.flatMap((w) => w.reasons).map((r) => <ReasonView key={r.slug} reason={r} />)}
            </div>
          )}
          {scope === 'classes' && (
            <Form.Item label="类别" name="classes" rules={[{ required: true, message: '请至少选一类。' }]} {...fieldError(p, 'classes')}>
              <Select aria-label="类别" mode="multiple" optionFilterProp="label" options={options.classes.map((x) => ({ value: x.code, label: `${x.code} ${x.short}` }))} />
            </Form.Item>
          )}
          <ProblemView problem={p} fields={fields} />
          {resumed?.intake && <RecordIntake matter="consultation" problem={p} kinds={['refused']} application={() => ({ ...resumed.application, ...body(form.getFieldsValue()) })} intake={resumed.intake} />}
        </Form>
      </div>
      <div className="stickybar">
        <span className="meta">提交后出具受理回执；材料不齐的，一次性告知，本件等待补正</span>
        <span className="end">
          <Link to={present ? `/consultations/${present.id}` : '/consultations'}><Button>取消</Button></Link>
          {(!present || present.state === 'draft') && <Button loading={act.isPending && draft} onClick={() => send(true)}>存为草稿</Button>}
          <Button type="primary" loading={act.isPending && !draft} onClick={() => send(false)}>提交申请</Button>
        </span>
      </div>
    </>
  );
}
