import type { ThemeConfig } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import tokens from './tokens.json';

export const theme = tokens.antd as ThemeConfig;

// Names of the date header's buttons must equal their text (axe), so the locale's own words go.
const picker = zhCN.DatePicker;
export const locale = {
  ...zhCN,
  DatePicker: picker && { ...picker, lang: { ...picker.lang, yearSelect: '', monthSelect: '' } },
};
