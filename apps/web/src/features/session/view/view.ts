// What this person looks at: the newest run, a certain one, or the start picture; live, or at a certain step. Local, not shared.
import { createStore, type StoreApi } from 'zustand';

export type Target =
  | { readonly type: 'newest' }
  | { readonly type: 'run'; readonly runId: string }
  | { readonly type: 'seed' };

export interface Against {
  readonly runId: string;
  /** Null: the same step as is shown. */
  readonly step: number | null;
}

export type SideTab = 'runs' | 'comments';

export type MaskTool = 'off' | 'brush' | 'eraser';

export interface ViewState {
  readonly target: Target;
  /** Null: the newest picture of the run. */
  readonly step: number | null;
  readonly playing: boolean;
  /** Positions of the tokens that are selected. */
  readonly selected: ReadonlySet<number>;
  /** What the shown step is compared with; null: the picture stands alone. */
  readonly against: Against | null;
  readonly sideTab: SideTab;
  /** Rises when somebody asks to write a comment. */
  readonly commentKey: number;
  readonly maskTool: MaskTool;
  /** Diameter of the brush as a share of the picture's side. */
  readonly brushSize: number;
  readonly brushSoftness: number;
}

export type ViewStore = StoreApi<ViewState>;

export const NOTHING_SELECTED: ReadonlySet<number> = new Set();

export function createView(): ViewStore {
  return createStore<ViewState>(() => ({
    target: { type: 'newest' },
    step: null,
    playing: false,
    selected: NOTHING_SELECTED,
    against: null,
    sideTab: 'runs',
    commentKey: 0,
    maskTool: 'off',
    brushSize: 0.12,
    brushSoftness: 0.4,
  }));
}
