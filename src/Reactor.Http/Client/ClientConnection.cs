using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// One connection to a server: carries requests and their responses, one exchange after the other.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ClientConnection(
    Connection connection, ClientOrigin origin, ChannelLimits limits, ParserLimits headLimits)
    : MessageChannel(connection)
{
    private SendPace? _pace;
    private IClientExchange? _exchange;
    private int _exchanges;
    private bool _isReusable = true;

    public ClientOrigin Origin { get; } = origin;

    public ResponseParser Parser { get; } = new(headLimits, isTolerant: true);

    /// <summary>The last head; valid until the next exchange begins.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>True between exchanges, if the next may use it.</summary>
    public bool IsReusable => _isReusable && _exchange is null && Output.UnflushedBytes == 0
        && Connection is { IsClosed: false, HasInputEnded: false, IsOutputBroken: false };

    /// <summary>True if an exchange was made on it before the present one.</summary>
    public bool IsReused => _exchanges > 1;

    public override ChannelLimits Limits { get; } = limits;

    /// <summary>Never cancelled: an exchange learns of its server by reading.</summary>
    public override CancellationToken Aborted => CancellationToken.None;

    protected override SendPace Pace => _pace ??= new SendPace(Limits);

    protected override bool IsDuplex => true;

    /// <summary>Lends it to an exchange.</summary>
    public void Begin(IClientExchange exchange)
    {
        _exchange = exchange;
        _exchanges++;
    }

    /// <summary>Ends the exchange; idempotent.</summary>
    /// <param name="isWhole">Whether request and response are complete.</param>
    public void End(bool isWhole)
    {
        _exchange = null;
        _isReusable &= isWhole;
        ClearDeadline(DeadlineKind.Phase);
        ClearDeadline(DeadlineKind.Body);
        Head.Trim();
    }

    /// <summary>
    /// Parses the next head, which may be an interim one. NeedMore: wait for input, unless
    /// <paramref name="isOver"/>.
    /// </summary>
    public ParseStatus ReadHead(KnownMethod method, out bool hasBytes, out bool isOver)
    {
        (hasBytes, isOver) = (false, false);
        if (!TryRead(out ReadResult read))
        {
            return ParseStatus.NeedMore;
        }

        (hasBytes, isOver) = (!read.Buffer.IsEmpty, read.IsCompleted);
        Parser.RequestMethod = method;
        ParseStatus status = Parser.Parse(read.Buffer, Head, out SequencePosition consumed);
        if (status == ParseStatus.Done)
        {
            Advance(consumed);
        }
        else
        {
            Connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        return status;
    }

    public void Close()
    {
        Connection.Close();
        Release();
    }

    /// <summary>Closes with a reset, so that the server learns at once that it may stop.</summary>
    public void Abort()
    {
        Connection.Abort();
        Release();
    }

    public override PeerState AskPeer() => Peer;

    public override void Report(Rejection reason, long offset) => _exchange?.OnRefused();

    public override void OnLate(DeadlineKind kind)
    {
        if (_exchange is { } exchange)
        {
            exchange.OnLate(kind);
        }
        else
        {
            Abort(); // the rest of a request whose response came before it was sent
        }
    }

    private void Release()
    {
        EndDeadlines();
        Head.Release();
    }
}
