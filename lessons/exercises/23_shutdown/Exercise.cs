// Which clients a server still has, and how it ends. `act` is given each thing that it does.
//
//   Connected  a client has connected; it is idle. During a shutdown: act("refuse NAME").
//   Request    a byte of its request has come: it is busy.
//   Answered   its response was sent: it is idle. During a shutdown: act("close NAME").
//   Shutdown   begins the shutdown: act("close NAME") for the idle ones. Idempotent.
//   Deadline   act("cancel NAME") for those that are left; is called only during a shutdown.
//
// When a shutdown has begun and no client is left: act("ended"), once.
public sealed class Drain(Action<string> act)
{
    public void Connected(string client)
    {
    }

    public void Request(string client)
    {
    }

    public void Answered(string client)
    {
    }

    public void Shutdown()
    {
    }

    public void Deadline()
    {
    }
}
