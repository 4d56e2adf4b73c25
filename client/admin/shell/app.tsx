import { isSession, session } from '../session.ts'
import { SignIn } from './sign-in.tsx'
import { SignedIn } from './signed-in.tsx'

export function App() {
  const now = session.use()
  return isSession(now) ? <SignedIn key={now.token} tenantId={now.tenantId} /> : <SignIn why={now.why} />
}
