type Listener = (text: string) => void;

let listener: Listener | undefined;

/** Says one sentence at the foot of the page and to screen readers; it goes by itself. */
export function say(text: string) {
  listener?.(text);
}

/** The shell listens here. */
export function onSay(next: Listener | undefined) {
  listener = next;
}
