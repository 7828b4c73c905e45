import type { ReactNode } from 'react';
import type { Problem } from '../../api/client';

const idOf = (name: string) => `f-${name.replaceAll('.', '-')}`;

/** What is still wrong once a field was changed. */
export function without(problem: Problem | undefined, id: string): Problem | undefined {
  if (!problem?.reasons?.some((r) => r.field && idOf(r.field) === id)) return problem;
  const reasons = problem.reasons.filter((r) => !r.field || idOf(r.field) !== id);
  return reasons.length > 0 ? { ...problem, reasons } : undefined;
}

/** What is wrong with one field. */
function said(problem: Problem | undefined, name: string) {
  return (problem?.reasons ?? []).filter((r) => r.field === name);
}

interface FieldProps { name: string; label: string; problem?: Problem; hint?: ReactNode; children: (attributes: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string }) => ReactNode }

/** A labelled field, large, with its error beneath. */
export function Field({ name, label, problem, hint, children }: FieldProps) {
  const wrong = said(problem, name);
  const id = idOf(name);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && <p className="hint">{hint}</p>}
      {children({ id, 'aria-invalid': wrong.length > 0, 'aria-describedby': wrong.length > 0 ? `${id}-wrong` : undefined })}
      {wrong.length > 0 && <p id={`${id}-wrong`} className="wrong">{wrong.map((r) => `${r.message}${r.next}`).join('')}</p>}
    </div>
  );
}

interface TextProps { name: string; label: string; value: string; set: (value: string) => void; problem?: Problem; hint?: ReactNode; type?: 'text' | 'date' | 'tel'; rows?: number; max?: number }

/** A line, or some, of text. */
export function Text({ name, label, value, set, problem, hint, type = 'text', rows, max = 120 }: TextProps) {
  return (
    <Field name={name} label={label} problem={problem} hint={hint}>
      {(a) => rows ? <textarea {...a} rows={rows} maxLength={max} value={value} onChange={(e) => set(e.target.value)} /> : <input {...a} type={type} maxLength={type === 'date' ? undefined : max} autoComplete="off" value={value} onChange={(e) => set(e.target.value)} />}
    </Field>
  );
}

interface PickProps { name: string; label: string; value: string; set: (value: string) => void; options: { code: string; name: string }[]; problem?: Problem; hint?: ReactNode; none?: string }

/** One of a list; the telephone's own picker. */
export function Pick({ name, label, value, set, options, problem, hint, none = '请选择' }: PickProps) {
  return (
    <Field name={name} label={label} problem={problem} hint={hint}>
      {(a) => (
        <select {...a} value={value} onChange={(e) => set(e.target.value)}>
          <option value="">{none}</option>
          {options.map((o) => <option key={o.code} value={o.code}>{o.name}</option>)}
        </select>
      )}
    </Field>
  );
}

interface OneOfProps<T extends string> { name: string; label: string; value: T; set: (value: T) => void; options: { key: T; label: string; text?: string }[] }

/** One of a few, all in sight. */
export function OneOf<T extends string>({ name, label, value, set, options }: OneOfProps<T>) {
  return (
    <fieldset className="oneof">
      <legend>{label}</legend>
      {options.map((o) => (
        <label key={o.key} className={value === o.key ? 'on' : undefined}>
          <input type="radio" name={name} checked={value === o.key} onChange={() => set(o.key)} />
          <span>{o.label}{o.text && <small>{o.text}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SomeProps { name: string; label: string; value: string[]; set: (value: string[]) => void; options: { key: string; label: string }[]; problem?: Problem }

/** Some of a few, all in sight. */
export function Some({ name, label, value, set, options, problem }: SomeProps) {
  const wrong = said(problem, name);
  return (
    <fieldset className="oneof" aria-describedby={wrong.length > 0 ? `${idOf(name)}-wrong` : undefined}>
      <legend>{label}</legend>
      {options.map((o) => (
        <label key={o.key} className={value.includes(o.key) ? 'on' : undefined}>
          <input type="checkbox" checked={value.includes(o.key)} onChange={(e) => set(e.target.checked ? [...value, o.key] : value.filter((k) => k !== o.key))} />
          <span>{o.label}</span>
        </label>
      ))}
      {wrong.length > 0 && <p id={`${idOf(name)}-wrong`} className="wrong">{wrong.map((r) => `${r.message}${r.next}`).join('')}</p>}
    </fieldset>
  );
}
