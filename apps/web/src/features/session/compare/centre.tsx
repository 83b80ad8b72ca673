// What stands in the middle: the picture, or a comparison, whose code comes with the first one.
'use client';
import dynamic from 'next/dynamic';
import { Stage } from '../stage/stage.tsx';
import { useView } from '../view/view-context.tsx';

const CompareStage = dynamic(() => import('../later.ts').then((module) => module.CompareStage), {
  loading: () => <div aria-busy className="min-h-0 grow" />,
});

export function Centre() {
  const against = useView((state) => state.against);
  const masking = useView((state) => state.maskTool !== 'off');
  // A mask is painted on one picture.
  return against && !masking ? <CompareStage against={against} /> : <Stage />;
}
