// Messages of models and runtimes name files of this machine; whoever sees a run may be anybody with a link to it.

/** Absolute paths, of POSIX or Windows, up to their last part. */
const FOLDERS = /(?<![\w.~/\\:])(?:file:\/\/)?(?:[A-Za-z]:)?[/\\](?:[^\s/\\:'"]+[/\\])+/g;

/** The message with every file named without the folders that it lies in. */
export function withoutFolders(message: string): string {
  return message.replace(FOLDERS, '');
}
