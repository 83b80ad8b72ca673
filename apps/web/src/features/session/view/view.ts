// What this person looks at: the newest run, a certain one, or the start picture; live, or at a certain step. Local, not shared.
import { createStore, type StoreApi } from 'zustand';

export type Target =
  | { readonly type: 'newest' }
  | { readonly type: 'run'; readonly runId: string }
  | { readonly type: 'seed' };

export type MaskTool = 'off' | 'brush' | 'eraser';

export interface ViewState {
  readonly target: Target;
  /** Null: the newest picture of the run. */
  readonly step: number | null;
  readonly playing: boolean;
  readonly maskTool: MaskTool;
  /** Diameter of the brush as a share of the picture's side. */
  readonly brushSize: number;
  readonly brushSoftness: number;
}

export type ViewStore = StoreApi<ViewState>;

export function createView(): ViewStore {
  return createStore<ViewState>(() => ({
    target: { type: 'newest' },
    step: null,
    playing: false,
    maskTool: 'off',
    brushSize: 0.12,
    brushSoftness: 0.4,
  }));
}
