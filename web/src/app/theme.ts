import type { ThemeConfig } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import tokens from './tokens.json';

const base = tokens.antd as ThemeConfig;

// Who asks for reduced motion gets none: antd waits for the end of its own
// transitions to place a popup, and styles that shorten them make it wait for ever.
const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export const theme: ThemeConfig = { ...base, token: { ...base.token, motion: !still } };

// Names of the date header's buttons must equal their text (axe), so the locale's own words go.
const picker = zhCN.DatePicker;
export const locale = {
  ...zhCN,
  DatePicker: picker && { ...picker, lang: { ...picker.lang, yearSelect: '', monthSelect: '' } },
};
