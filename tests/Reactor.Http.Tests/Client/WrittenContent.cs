using System.Buffers;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>Takes what a content writes, and notes the largest piece of it.</summary>
internal sealed class WrittenContent : ClientBodyWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlyMemory<byte> Bytes => _written.WrittenMemory;

    public int LargestPiece { get; private set; }

    /// <summary>What to wait for before a piece is taken, or null.</summary>
    public Func<Coroutine>? Pause { get; init; }

    public override async Coroutine WriteAsync(ReadOnlyMemory<byte> content)
    {
        LargestPiece = Math.Max(LargestPiece, content.Length);
        if (Pause is not null)
        {
            await Pause();
        }

        _written.Write(content.Span);
    }

    /// <summary>All that a content writes.</summary>
    public static byte[] Of(ClientContent content)
    {
        var written = new WrittenContent();
        using var loop = new SimulatedLoop();
        loop.Run(() => content.WriteAsync(written));
        return written.Bytes.ToArray();
    }
}

/// <summary>A content without bytes.</summary>
internal sealed class StubContent(bool canResend) : ClientContent
{
    public override bool CanResend => canResend;

    protected internal override async Coroutine WriteAsync(ClientBodyWriter body) =>
        await body.WriteAsync(default);
}
