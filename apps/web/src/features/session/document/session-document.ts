// A session's shared document in this tab: kept connected, read in slices, changed under this tab's origin, undone per person.
import {
  DocumentPeer,
  lockedPositions,
  rootsOf,
  type SessionObjective,
  type Settings,
  type Stroke,
  undoFor,
} from '@tessera/collab';
import type * as Y from 'yjs';
import { createStore, type StoreApi } from 'zustand';
import { documentLink } from './document-link.ts';
import { knownSettings, SETTING_DEFAULTS } from './setting-defaults.ts';

export interface DocumentView {
  /** The server's state has been here once. */
  readonly ready: boolean;
  /** Rises when the document was replaced: editors bind anew. */
  readonly epoch: number;
  readonly settings: Settings;
  readonly objectives: readonly SessionObjective[];
  readonly strokes: readonly Stroke[];
  /** Token positions, ascending. */
  readonly lockedPositions: readonly number[];
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly trouble: unknown;
}

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5_000;
const SAVED_LOOK_MS = 20;
const SAVED_WITHIN_MS = 5_000;

export class SessionDocument {
  readonly view: StoreApi<DocumentView>;
  /** Stands for this tab in transactions. */
  readonly origin = { tab: crypto.randomUUID() };
  readonly #sessionId: string;
  readonly #peer: DocumentPeer;
  readonly #onRefused: (error: Error) => void;
  #undo!: Y.UndoManager;
  #captureMs = 0;
  #asOne = false;
  #unbind = () => {};
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #closed = false;

  constructor(sessionId: string, onRefused: (error: Error) => void) {
    this.#sessionId = sessionId;
    this.#onRefused = onRefused;
    this.#peer = new DocumentPeer({
      onOffline: () => this.#connectLater(),
      onReset: (error) => {
        this.#bind();
        this.#onRefused(error);
      },
    });
    this.view = createStore<DocumentView>(() => ({
      ready: false,
      epoch: 0,
      settings: SETTING_DEFAULTS,
      objectives: [],
      strokes: [],
      lockedPositions: [],
      prompt: '',
      negativePrompt: '',
      canUndo: false,
      canRedo: false,
      trouble: null,
    }));
    this.#bind();
  }

  get doc(): Y.Doc {
    return this.#peer.doc;
  }

  /** Connects, and again after every loss. */
  open(): void {
    this.#closed = false;
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#peer.disconnect();
  }

  /** Settles once the server has all that was done in this tab: what it starts then is what is shown. @throws Error after 5 s */
  async saved(): Promise<void> {
    for (const end = Date.now() + SAVED_WITHIN_MS; !this.#peer.saved; ) {
      if (Date.now() > end) throw new Error('Your last changes have not reached the server yet; try again.');
      await new Promise((resolve) => setTimeout(resolve, SAVED_LOOK_MS));
    }
  }

  undo(): void {
    this.#undo.undo();
  }

  redo(): void {
    this.#undo.redo();
  }

  /** What comes next is undone apart from what was before. */
  stopCapturing(): void {
    if (!this.#asOne) this.#undo.stopCapturing();
  }

  /** From `true` to `false` all that is done here is undone as one, however long it takes: a stroke of the brush. */
  captureAsOne(on: boolean): void {
    this.#asOne = on;
    this.#undo.stopCapturing();
    this.#undo.captureTimeout = on ? Number.POSITIVE_INFINITY : this.#captureMs;
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      await this.#peer.connect(documentLink(this.#sessionId));
      this.#failures = 0;
      this.view.setState({ ready: true, trouble: null });
    } catch (cause) {
      this.view.setState({ trouble: cause });
      this.#connectLater();
    }
  }

  #connectLater(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#failures += 1;
    const wait = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (this.#failures - 1));
    this.#retry = setTimeout(() => void this.#connect(), this.#failures === 1 ? 200 : wait);
  }

  #bind(): void {
    this.#unbind();
    const doc = this.#peer.doc;
    const roots = rootsOf(doc);
    const show = {
      prompt: () => this.view.setState({ prompt: roots.prompt.toString() }),
      negativePrompt: () => this.view.setState({ negativePrompt: roots.negativePrompt.toString() }),
      settings: () =>
        this.view.setState({ settings: { ...SETTING_DEFAULTS, ...knownSettings(roots.settings.toJSON()) } }),
      objectives: () => this.view.setState({ objectives: roots.objectives.toJSON() as SessionObjective[] }),
      strokes: () => this.view.setState({ strokes: roots.strokes.toArray() }),
      locks: () => this.view.setState({ lockedPositions: lockedPositions(roots.locks) }),
    };
    roots.prompt.observe(show.prompt);
    roots.negativePrompt.observe(show.negativePrompt);
    roots.settings.observe(show.settings);
    roots.objectives.observeDeep(show.objectives);
    roots.strokes.observe(show.strokes);
    roots.locks.observe(show.locks);
    for (const slice of Object.values(show)) slice();
    this.#undo = undoFor(doc, this.origin);
    this.#captureMs = this.#undo.captureTimeout;
    this.captureAsOne(this.#asOne);
    const undo = this.#undo;
    const showUndo = () => this.view.setState({ canUndo: undo.canUndo(), canRedo: undo.canRedo() });
    for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const) undo.on(event, showUndo);
    showUndo();
    this.view.setState(({ epoch }) => ({ epoch: epoch + 1 }));
    // The observers die with the document.
    this.#unbind = () => undo.destroy();
  }
}
