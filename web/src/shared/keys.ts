import { useEffect, useRef } from 'react';

const store = 'dangan.keys';

/** Single keys can be switched off (WCAG 2.1.4). */
export function keysOn(): boolean {
  return localStorage.getItem(store) !== 'off';
}

export function switchKeys(on: boolean) {
  localStorage.setItem(store, on ? 'on' : 'off');
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select') || target.closest('[role="dialog"], [role="listbox"], [role="menu"]') !== null);
}

/** One key without modifiers, silent while somebody types or a dialog is open. */
export function useShortcut(key: string, run: (event: KeyboardEvent) => void) {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keysOn() || typing(event.target)) return;
      if (event.key.toLowerCase() !== key.toLowerCase()) return;
      // Enter on a link or button is that link's own.
      if (key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button, [role="button"], [role="tab"], summary')) return;
      latest.current(event);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key]);
}
