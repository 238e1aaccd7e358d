namespace Reactor.Net;

/// <summary>
/// The outermost frame of a connection's task: calls the handler, then closes the connection. By
/// hand, as the compiler's frame takes 32 bytes more.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ServeFrame(Connection connection) : CoroutineFrame<Unit>
{
    private CoroutineFrame<Unit>? _call;

    private IConnectionHandler Handler => connection.Server!.Handler;

    public override string MethodName => "LoopServer.Serve";

    /// <inheritdoc/>
    public override Type MachineType => typeof(ServeFrame);

    /// <inheritdoc/>
    public override int? ReadMachineState() => null;

    /// <inheritdoc/>
    public override void MoveNext()
    {
        try
        {
            if (!Run())
            {
                return; // the handler's frame runs first
            }
        }
        catch (Exception error)
        {
            Owner!.OnThrew(this, error);
            return;
        }

        Owner!.OnReturned(this);
    }

    /// <summary>True once the handler has ended.</summary>
    private bool Run()
    {
        bool isOver = true;
        try
        {
            isOver = HasEnded();
        }
        catch (ConnectionResetException reset)
            when (ReferenceEquals(reset.Connection, connection))
        {
            // The peer was gone while the handler read or wrote: ordinary.
        }
        catch (Exception error)
            when (Owner!.AsCancellation(error) is not (LoopCanceledException or LoopAbortException))
        {
            connection.Loop.Report(new LoopErrorContext
            {
                Message = "Unhandled exception in the handler of a connection "
                    + $"({ShownText.Of(Handler)}): catch it there; the connection is aborted.",
                Exception = error,
            });
            connection.Abort();
        }
        finally
        {
            if (isOver && !connection.IsClosing)
            {
                connection.Close();
            }
        }

        return isOver;
    }

    private bool HasEnded()
    {
        if (_call is null)
        {
            _call = Handler.ServeAsync(connection).Call.Frame;
            if (_call.State == FrameState.Cold)
            {
                Owner!.Push(_call);
                return false;
            }
        }

        _call.TakeResult();
        connection.CloseAfterWrites();
        return true;
    }
}
