// The models of this installation.
import type { Metadata } from 'next';
import { ModelsPage } from '../../src/features/models/models-page.tsx';

export const metadata: Metadata = { title: 'Models' };

export default function Page() {
  return <ModelsPage />;
}
