import type { ReactNode } from 'react';

/** Line icons of 16 px, hidden from screen readers: the control carries the name. */
function icon(name: string, paths: ReactNode) {
  const Icon = ({ size = 16 }: { size?: number }) => (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {paths}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
}

export const SearchIcon = icon('SearchIcon', <><circle cx="7" cy="7" r="4.5" /><path d="m10.4 10.4 3.6 3.6" /></>);
export const BellIcon = icon('BellIcon', <><path d="M3.5 11.5h9l-1.1-1.7V7a3.4 3.4 0 0 0-6.8 0v2.8z" /><path d="M6.6 13.3a1.5 1.5 0 0 0 2.8 0" /></>);
export const HelpIcon = icon('HelpIcon', <><circle cx="8" cy="8" r="6.2" /><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7c-.5.3-.8.6-.8 1.2" /><path d="M8 11.4v.1" /></>);
export const DownIcon = icon('DownIcon', <path d="m4 6 4 4 4-4" />);
export const UpIcon = icon('UpIcon', <path d="m4 10 4-4 4 4" />);
export const LeftIcon = icon('LeftIcon', <path d="m10 3.5-4.5 4.5 4.5 4.5" />);
export const RightIcon = icon('RightIcon', <path d="M6 3.5 10.5 8 6 12.5" />);
export const MenuIcon = icon('MenuIcon', <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />);
export const CloseIcon = icon('CloseIcon', <path d="m4 4 8 8M12 4l-8 8" />);
export const CheckIcon = icon('CheckIcon', <path d="m3.5 8.4 3 3 6-6.8" />);
export const ZoomInIcon = icon('ZoomInIcon', <><circle cx="7" cy="7" r="4.5" /><path d="m10.4 10.4 3.6 3.6M7 5v4M5 7h4" /></>);
export const ZoomOutIcon = icon('ZoomOutIcon', <><circle cx="7" cy="7" r="4.5" /><path d="m10.4 10.4 3.6 3.6M5 7h4" /></>);
export const RotateIcon = icon('RotateIcon', <><path d="M13 8a5 5 0 1 1-1.6-3.7" /><path d="M13.2 2.2v2.6h-2.6" /></>);
export const FitIcon = icon('FitIcon', <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />);
export const InkIcon = icon('InkIcon', <><path d="M8 2.2 3.9 6.9a4.6 4.6 0 1 0 8.2 0z" /><path d="M8 4.6v7.9a3 3 0 0 1-2.6-4.6z" fill="currentColor" stroke="none" /></>);
export const DownloadIcon = icon('DownloadIcon', <path d="M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.3h10" />);
export const PrintIcon = icon('PrintIcon', <path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z" />);
