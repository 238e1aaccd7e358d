namespace Reactor.Http;

/// <summary>
/// What a connection does when something did not come in time, or will not come at all. Its task
/// waits somewhere meanwhile, and is told by what it waits for.
/// </summary>
internal sealed partial class HttpConnection
{
    /// <summary>A deadline has come; from the timer, while the task waits somewhere.</summary>
    public void OnLate(DeadlineKind kind)
    {
        switch (kind)
        {
            case DeadlineKind.Phase when _life.State == ConnectionState.Head:
                _isHeadLate = true;
                _connection.ReleaseReader(); // the task answers
                break;
            case DeadlineKind.Phase when _life.State == ConnectionState.Lingering:
                _life.Move(ConnectionEvent.LingerTimeout);
                _connection.Abort();
                break;
            case DeadlineKind.Phase:
                _life.Move(ConnectionEvent.IdleTimeout);
                _connection.Close();
                break;
            case DeadlineKind.Body:
                _life.Move(ConnectionEvent.BodyTimeout);
                _exchange.IsBodyLate = true;
                _writer.GiveUp();
                _connection.ReleaseReader();
                break;
            case DeadlineKind.Send:
                _life.Move(ConnectionEvent.SendTimeout);
                _connection.Abort();
                _run.Watch?.NoteBroken();
                break;
            case DeadlineKind.Handler:
                _life.Move(ConnectionEvent.HandlerTimeout);
                _run.Interrupt(
                    Interruption.Late, "The handler took longer than HandlerTimeout.");
                break;
        }
    }

    /// <summary>The client has gone while its request was answered.</summary>
    public void OnClientGone()
    {
        _life.Move(ConnectionEvent.ClientGone);
        if (Options.CancelHandlerOnDisconnect)
        {
            _run.Interrupt(Interruption.ClientGone, "The client is gone.");
        }
    }
}
