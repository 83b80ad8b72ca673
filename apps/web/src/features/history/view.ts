// What the history page shows, and its form in the address: a copied link opens the same list.
import { ALL_STATUSES, type RunStatus } from '../run/status.ts';

export type Period = 'hour' | 'day' | 'week' | 'month';
export const PERIODS: Readonly<Record<Period, { readonly label: string; readonly seconds: number }>> = {
  hour: { label: 'Last hour', seconds: 3600 },
  day: { label: 'Last 24 hours', seconds: 86_400 },
  week: { label: 'Last 7 days', seconds: 7 * 86_400 },
  month: { label: 'Last 30 days', seconds: 30 * 86_400 },
};

export interface HistoryView {
  readonly text: string;
  /** 'words' filters by the prompt; 'picture' ranks by what the pictures show (CLIP). */
  readonly search: 'words' | 'picture';
  readonly statuses: readonly RunStatus[];
  readonly tokenizer: string | null;
  readonly sessionId: string | null;
  /** Who started the run. */
  readonly userId: string | null;
  readonly minScore: number | null;
  readonly maxScore: number | null;
  readonly period: Period | null;
  readonly pinned: boolean;
  readonly order: 'CREATED_AT' | 'SCORE';
  readonly layout: 'grid' | 'list';
}

export const PLAIN_VIEW: HistoryView = {
  text: '',
  search: 'words',
  statuses: [],
  tokenizer: null,
  sessionId: null,
  userId: null,
  minScore: null,
  maxScore: null,
  period: null,
  pinned: false,
  order: 'CREATED_AT',
  layout: 'grid',
};

/** Unknown or broken values of an address fall back to "no filter": an old link still opens. */
export function readView(query: URLSearchParams): HistoryView {
  const wanted = new Set(query.get('status')?.toUpperCase().split(','));
  const period = query.get('since');
  return {
    text: (query.get('q') ?? '').slice(0, 500),
    search: query.get('by') === 'picture' ? 'picture' : 'words',
    statuses: ALL_STATUSES.filter((status) => wanted.has(status)),
    tokenizer: query.get('tokenizer') || null,
    sessionId: query.get('session') || null,
    userId: query.get('person') || null,
    minScore: readNumber(query.get('min')),
    maxScore: readNumber(query.get('max')),
    period: period && Object.hasOwn(PERIODS, period) ? (period as Period) : null,
    pinned: query.get('pinned') === '1',
    order: query.get('sort') === 'score' ? 'SCORE' : 'CREATED_AT',
    layout: query.get('view') === 'list' ? 'list' : 'grid',
  };
}

/** Only what differs from the plain view is written. */
export function writeView(view: HistoryView): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string | false | null) => {
    if (value) query.set(name, value);
  };
  set('q', view.text.trim());
  set('by', view.search === 'picture' && 'picture');
  set('status', view.statuses.join(',').toLowerCase());
  set('tokenizer', view.tokenizer);
  set('session', view.sessionId);
  set('person', view.userId);
  set('min', view.minScore === null ? null : String(view.minScore));
  set('max', view.maxScore === null ? null : String(view.maxScore));
  set('since', view.period);
  set('pinned', view.pinned && '1');
  set('sort', view.order === 'SCORE' && 'score');
  set('view', view.layout === 'list' && 'list');
  return query;
}

/** How many filters are set, beside the text. */
export function filterCount(view: HistoryView): number {
  return [
    view.statuses.length > 0,
    view.tokenizer !== null,
    view.sessionId !== null,
    view.userId !== null,
    view.minScore !== null || view.maxScore !== null,
    view.period !== null,
    view.pinned,
  ].filter(Boolean).length;
}

/** The `RunFilter` of a view. `now` in milliseconds; rounded to the minute, so that the same view asks the same question. */
export function filterOf(view: HistoryView, now: number) {
  const since = view.period && now - PERIODS[view.period].seconds * 1000;
  const text = view.search === 'words' ? view.text.trim() : '';
  return {
    ...(text && { text }),
    ...(view.statuses.length > 0 && { statuses: [...view.statuses] }),
    ...(view.tokenizer && { tokenizer: view.tokenizer }),
    ...(view.sessionId && { sessionId: view.sessionId }),
    ...(view.userId && { userId: view.userId }),
    ...(view.minScore !== null && { minScore: view.minScore }),
    ...(view.maxScore !== null && { maxScore: view.maxScore }),
    ...(since && { createdAfter: new Date(Math.floor(since / 60_000) * 60_000).toISOString() }),
    ...(view.pinned && { pinned: true }),
  };
}

function readNumber(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
