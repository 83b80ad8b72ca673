// Opens the dialog for links; its code comes with the first look.
'use client';
import { Share2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { nothing } from '../nothing.ts';
import { useWhyNot } from '../session-context.tsx';

const ShareDialog = dynamic(() => import('../later.ts').then((module) => module.ShareDialog), { loading: nothing });

export function ShareButton() {
  const [open, setOpen] = useState(false);
  const whyNot = useWhyNot('SHARE');
  return (
    <>
      <Button size="sm" icon={Share2} disabled={whyNot} onClick={() => setOpen(true)}>
        <span className="max-sm:sr-only">Share</span>
      </Button>
      {open && <ShareDialog onClose={() => setOpen(false)} />}
    </>
  );
}
