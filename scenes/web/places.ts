// Where on the page a session writes.

export interface Places {
  curtain: HTMLElement;
  status: HTMLElement;
  prompt: HTMLElement;
  score: HTMLElement;
  loading: HTMLElement;
  loadingText: HTMLElement;
  bar: HTMLProgressElement;
}
