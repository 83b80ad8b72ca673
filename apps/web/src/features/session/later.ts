// Parts of the session page that are loaded when they are first looked at: one file, because each further one would cost the page
// another copy of what they share.
export { CreateSweepDialog } from '../sweeps/create-sweep-dialog.tsx';
export { CommentsPanel } from './comments/comments-panel.tsx';
export { StageRegions } from './comments/stage-regions.tsx';
export { CompareStage } from './compare/compare-stage.tsx';
export { FollowFrame } from './presence/follow-frame.tsx';
export { ShareDialog } from './share/share-dialog.tsx';
export { MaskTools } from './stage/mask-tools.tsx';
export { LocksBeyond } from './tokens/locks-beyond.tsx';
