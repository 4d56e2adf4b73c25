import { Component, type ReactNode } from 'react'

/** A fault of ours in what is within leaves the rest as it is, and shows this in its place. */
export class CrashGuard extends Component<
  { crashed: ReactNode; children: ReactNode },
  { hasCrashed: boolean }
> {
  override state = { hasCrashed: false }
  static getDerivedStateFromError() {
    return { hasCrashed: true }
  }
  override render() {
    return this.state.hasCrashed ? this.props.crashed : this.props.children
  }
}
