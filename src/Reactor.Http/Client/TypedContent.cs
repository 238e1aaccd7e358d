using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>A content whose type and length are known when it is made, and checked.</summary>
internal abstract class TypedContent : ClientContent
{
    /// <exception cref="ArgumentException">
    /// The length is negative, or the type is no field value.
    /// </exception>
    private protected TypedContent(string contentType, long? length)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        FieldRules.RequireValue(contentType);
        if (length is { } bytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes, nameof(length));
        }

        ContentType = contentType;
        Length = length;
    }

    public override string ContentType { get; }

    public override long? Length { get; }
}

/// <summary>A content that a function writes.</summary>
internal sealed class GeneratedContent : TypedContent
{
    private readonly Func<ClientBodyWriter, Coroutine> _write;

    public GeneratedContent(
        Func<ClientBodyWriter, Coroutine> write, string contentType, long? length, bool canResend)
        : base(contentType, length)
    {
        ArgumentNullException.ThrowIfNull(write);
        _write = write;
        CanResend = canResend;
    }

    public override bool CanResend { get; }

    protected internal override Coroutine WriteAsync(ClientBodyWriter body) => _write(body);
}
