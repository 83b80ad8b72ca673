// Signing in with an account, or making one: the server's /api/auth does the work.
'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { resetSocket } from '../../gql/socket.ts';
import { AppShell } from '../../shell/app-shell.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { type Credentials, signIn, signUp } from './auth.ts';

export function SignIn() {
  const router = useRouter();
  const [isNew, setNew] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const credentials: Credentials = { email: text('email'), password: text('password'), name: text('name') };
    setBusy(true);
    const problem = await (isNew ? signUp(credentials) : signIn(credentials));
    setBusy(false);
    setError(problem);
    if (problem) return;
    await resetSocket();
    router.replace('/');
  };
  return (
    <AppShell>
      <form onSubmit={submit} className="m-auto grid w-full max-w-sm gap-4 p-6">
        <h1 className="font-semibold text-xl">{isNew ? 'Make an account' : 'Sign in'}</h1>
        {isNew && (
          <Field label="Name">
            {({ id }) => <TextInput id={id} name="name" autoComplete="name" required maxLength={200} />}
          </Field>
        )}
        <Field label="Email">
          {({ id }) => <TextInput id={id} name="email" type="email" autoComplete="email" required />}
        </Field>
        <Field label="Password" error={error}>
          {({ id, describedBy }) => (
            <TextInput
              id={id}
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              minLength={8}
              required
              aria-describedby={describedBy}
              aria-invalid={error !== null}
            />
          )}
        </Field>
        <Button type="submit" look="primary" size="lg" busy={busy}>
          {isNew ? 'Make the account' : 'Sign in'}
        </Button>
        <Button look="ghost" onClick={() => setNew(!isNew)}>
          {isNew ? 'I have an account' : 'I have no account yet'}
        </Button>
      </form>
    </AppShell>
  );
}
