// All sweeps of the workspace.
import type { Metadata } from 'next';
import { SweepsPage } from '../../src/features/sweeps/sweeps-page.tsx';

export const metadata: Metadata = { title: 'Sweeps' };

export default function Page() {
  return <SweepsPage />;
}
