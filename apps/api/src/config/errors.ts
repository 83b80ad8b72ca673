// What is wrong with how the server was started: one line for the person who started it.

/** A setting that cannot be used. `setting` is the name of its environment variable. */
export class ConfigError extends Error {
  readonly setting: string;
  constructor(setting: string, message: string) {
    super(`${setting}: ${message}`.replace(/\s*[\r\n]+\s*/g, ' '));
    this.name = new.target.name;
    this.setting = setting;
  }
}

/** The address is taken or may not be listened on. */
export class ListenError extends Error {
  readonly host: string;
  readonly port: number;
  constructor(host: string, port: number, code: string) {
    super(
      code === 'EADDRINUSE'
        ? `Port ${port} of ${host} is in use; stop the other program, or set TESSERA_PORT to another port.`
        : `Cannot listen on ${host} port ${port} (${code}); set TESSERA_HOST and TESSERA_PORT.`,
    );
    this.name = new.target.name;
    this.host = host;
    this.port = port;
  }
}
