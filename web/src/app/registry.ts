import type { Feature } from './features';

/**
 * The route registry. A room's pages stand in src/features/<room>/feature.ts as
 * `export default [ … ] satisfies Feature[]`; nothing else has to be edited.
 */
const found = import.meta.glob<Feature[]>('../features/*/feature.ts', { eager: true, import: 'default' });

export const features: Feature[] = Object.values(found).flat();
