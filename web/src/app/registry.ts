import type { Feature } from './features';

/**
 * The route registry. A room's pages stand in src/features/<room>/feature.ts as
 * `export default [ … ] satisfies Feature[]`; nothing else has to be edited.
 */
const found = import.meta.glob<Feature[]>('../features/*/feature.ts', { eager: true, import: 'default' });

export const features: Feature[] = Object.values(found).flat();

const acts: Record<string, string> = Object.assign({}, ...features.map((f) => f.acts ?? {}));

/** Where an act on a dossier is done; undefined when no page does it. */
export function placeOf(action: string, dossier: string, material = ''): string | undefined {
  const path = acts[action];
  return path && `/${path.replace(':dossier', dossier).replace(':material', material)}`;
}
