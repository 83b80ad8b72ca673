// Tools of the mask: brush and eraser, size, softness, feather, invert, clear.
'use client';
import { Brush, Contrast, Eraser, Trash2, Undo2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { useDocument, useDocumentView } from '../document/document-context.tsx';
import { useEdit } from '../document/use-edit.ts';
import { useView, useViewStore } from '../view/view-context.tsx';

export function MaskTools() {
  const view = useViewStore();
  const document = useDocument();
  const edit = useEdit();
  const tool = useView((state) => state.maskTool);
  const size = useView((state) => state.brushSize);
  const softness = useView((state) => state.brushSoftness);
  const { maskFeather, maskInvert } = useDocumentView((state) => state.settings);
  const strokes = useDocumentView((state) => state.strokes.length);
  const canUndo = useDocumentView((state) => state.canUndo);
  const percent = (value: number) => `${Math.round(value * 100)}%`;
  return (
    <div
      role="toolbar"
      aria-label="Mask"
      className="@container shrink-0 rounded-lg border bg-surface px-2 py-1 shadow-sm"
    >
      <div className="flex @2xl:flex-nowrap flex-wrap items-center gap-x-4 gap-y-1">
        <span className="flex">
          <IconButton
            icon={Brush}
            label="Brush: what may change"
            keys="b"
            pressed={tool === 'brush'}
            onClick={() => view.setState({ maskTool: 'brush' })}
          />
          <IconButton
            icon={Eraser}
            label="Eraser: what stays"
            keys="e"
            pressed={tool === 'eraser'}
            onClick={() => view.setState({ maskTool: 'eraser' })}
          />
        </span>
        <div className="@2xl:order-none order-last grid @2xl:w-auto w-full grow grid-cols-3 gap-x-4 px-1">
          <Labelled label="Size" value={percent(size)}>
            <Slider
              label="Brush size"
              valueText={percent(size)}
              value={size}
              min={0.01}
              max={0.5}
              step={0.01}
              onChange={(brushSize) => view.setState({ brushSize })}
            />
          </Labelled>
          <Labelled label="Softness" value={percent(softness)}>
            <Slider
              label="Softness of the brush"
              valueText={percent(softness)}
              value={softness}
              max={1}
              step={0.05}
              onChange={(brushSoftness) => view.setState({ brushSoftness })}
            />
          </Labelled>
          <Labelled label="Feather" value={percent(maskFeather)}>
            <Slider
              label="Feather of the whole mask"
              valueText={percent(maskFeather)}
              value={maskFeather}
              max={0.25}
              step={0.01}
              onChange={(value) => edit.setting({ maskFeather: value })}
            />
          </Labelled>
        </div>
        <span className="ml-auto flex">
          <IconButton
            icon={Contrast}
            label="Invert the mask"
            pressed={maskInvert}
            onClick={() => edit.setting({ maskInvert: !maskInvert })}
          />
          <IconButton
            icon={Undo2}
            label="Undo what I did"
            keys="mod+z"
            disabled={canUndo ? undefined : 'there is nothing of yours to undo'}
            onClick={() => document.undo()}
          />
          <IconButton
            icon={Trash2}
            label="Clear the mask"
            disabled={strokes > 0 ? undefined : 'nothing is painted'}
            onClick={() => edit.clearStrokes()}
          />
          <IconButton
            icon={X}
            label="Close the mask tools"
            keys="m"
            onClick={() => view.setState({ maskTool: 'off' })}
          />
        </span>
      </div>
    </div>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly value: string;
  readonly children: ReactNode;
}

/** Name and value above the slider: in words however narrow the bar is. */
function Labelled({ label, value, children }: LabelledProps) {
  return (
    <div className="grid min-w-0 text-2xs">
      <span aria-hidden className="flex justify-between gap-1">
        <span className="truncate text-ink-soft">{label}</span>
        <span className="tabular whitespace-nowrap">{value}</span>
      </span>
      {children}
    </div>
  );
}
