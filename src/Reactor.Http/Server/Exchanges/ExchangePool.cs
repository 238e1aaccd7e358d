namespace Reactor.Http;

/// <summary>The exchanges of one server that wait for a connection, the warmest first.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ExchangePool(IRequestDispatcher dispatcher, ServerContext context)
{
    /// <summary>
    /// Exchanges that are kept, of some 1.4 KiB and never more than 5 each. Where thousands of
    /// handlers wait, as many may end in one turn and begin in the next.
    /// </summary>
    private const int KeptMax = 512;

    private Exchange? _first;
    private int _count;

    /// <summary>Lends an exchange to a connection, in whose task the handlers run.</summary>
    public Exchange Rent(ServerChannel channel, ILoopTask? task)
    {
        if (_first is { } exchange)
        {
            _first = exchange.Next;
            _count--;
        }
        else
        {
            exchange = Make(channel.Loop);
        }

        exchange.Attach(channel, task);
        return exchange;
    }

    public Exchange Make(EventLoop loop) => new(dispatcher, context, loop);

    /// <summary>Takes an exchange back, and keeps it if it is clean.</summary>
    public void Return(Exchange exchange)
    {
        bool isClean = exchange.IsClean;
        exchange.Detach();
        if (isClean && _count < KeptMax)
        {
            exchange.Next = _first;
            _first = exchange;
            _count++;
        }
        else
        {
            exchange.Release();
        }
    }

    public void Clear()
    {
        for (Exchange? exchange = _first; exchange is not null; exchange = exchange.Next)
        {
            exchange.Release();
        }

        _first = null;
        _count = 0;
    }
}
