namespace Reactor.Http;

/// <summary>
/// The exchanges of one server that no connection has borrowed, last in, first out.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ExchangePool(IRequestDispatcher dispatcher, ServerContext context)
{
    /// <summary>
    /// Each has some 1.4 KiB. Where thousands of handlers wait, as many may end in one turn and
    /// begin in the next.
    /// </summary>
    private const int KeptMax = 512;

    private readonly Stack<Exchange> _kept = new();

    /// <summary>Lends an exchange to a connection, whose task runs the handlers.</summary>
    public Exchange Rent(ServerChannel channel, ILoopTask? task)
    {
        Exchange exchange = _kept.TryPop(out Exchange? kept) ? kept : Make(channel.Loop);
        exchange.Attach(channel, task);
        return exchange;
    }

    public Exchange Make(EventLoop loop) => new(dispatcher, context, loop);

    /// <summary>Takes an exchange back, and keeps it if it is clean.</summary>
    public void Return(Exchange exchange)
    {
        bool isClean = exchange.IsClean;
        exchange.Detach();
        if (isClean && _kept.Count < KeptMax)
        {
            _kept.Push(exchange);
        }
        else
        {
            exchange.Release();
        }
    }

    public void Clear()
    {
        while (_kept.TryPop(out Exchange? exchange))
        {
            exchange.Release();
        }
    }
}
