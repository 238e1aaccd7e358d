namespace Reactor.Http;

/// <summary>The exchanges of one server that wait for a connection, the warmest first.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ExchangePool(IRequestDispatcher dispatcher, ServerContext context)
{
    /// <summary>
    /// Exchanges that are kept, with some 1.4 KiB each and never more than 5: where thousands of
    /// handlers wait, so many may end in one turn and begin in the next.
    /// </summary>
    private const int KeptMax = 512;

    private Exchange? _first;
    private int _count;

    /// <summary>Lends an exchange to a connection.</summary>
    /// <param name="channel">The connection.</param>
    /// <param name="task">The task of the connection, in which the handlers run.</param>
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

    /// <summary>A new exchange.</summary>
    public Exchange Make(EventLoop loop) => new(dispatcher, context, loop);

    /// <summary>
    /// Takes an exchange back; one that still has something of its request is not used again.
    /// </summary>
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

    /// <summary>Gives back the arrays that the kept exchanges have rented.</summary>
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
