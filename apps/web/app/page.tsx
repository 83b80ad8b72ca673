// The first page: leads into the session that is already set up.
import { Welcome } from '../src/features/welcome/welcome.tsx';

export default function HomePage() {
  return <Welcome />;
}
