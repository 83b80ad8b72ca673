// Tools of the mask: brush and eraser, size, softness, feather, invert, clear.
'use client';
import { Blend, Brush, Contrast, Eraser, Trash2, Undo2, X } from 'lucide-react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
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
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  return (
    <div
      role="toolbar"
      aria-label="Mask"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border bg-surface px-2 py-1 text-xs shadow-sm"
    >
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
      <Labelled label="Size" value={percent(size)}>
        <Slider
          label="Brush size"
          value={size}
          min={0.01}
          max={0.5}
          step={0.01}
          onChange={(brushSize) => view.setState({ brushSize })}
        />
      </Labelled>
      <Labelled label="Soft" value={percent(softness)}>
        <Slider
          label="Softness of the brush"
          value={softness}
          max={1}
          step={0.05}
          onChange={(brushSoftness) => view.setState({ brushSoftness })}
        />
      </Labelled>
      <Labelled label="Feather" value={percent(maskFeather)} icon={<Blend aria-hidden className="size-3.5" />}>
        <Slider
          label="Feather of the whole mask"
          value={maskFeather}
          max={0.25}
          step={0.01}
          onChange={(value) => edit.setting({ maskFeather: value })}
        />
      </Labelled>
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
        <IconButton icon={X} label="Close the mask tools" keys="m" onClick={() => view.setState({ maskTool: 'off' })} />
      </span>
    </div>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly value: string;
  readonly icon?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Labelled({ label, value, icon, children }: LabelledProps) {
  return (
    <Tooltip hint={`${label}: ${value}`}>
      <span className="flex w-28 items-center gap-2 text-ink-soft">
        {icon ?? label}
        {children}
      </span>
    </Tooltip>
  );
}
