// Where people sign in when the studio has accounts.
import type { Metadata } from 'next';
import { SignIn } from '../../src/features/sign-in/sign-in.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return <SignIn />;
}
