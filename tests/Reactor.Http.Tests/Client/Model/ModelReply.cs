using System.Globalization;
using System.Text;

namespace Reactor.Http.Tests.Client;

/// <summary>What the end of a body of the model follows from.</summary>
internal enum ModelFraming
{
    Length,

    Chunked,

    /// <summary>The end of the connection.</summary>
    Close,
}

/// <summary>How a response of the model is malformed; a client must refuse it.</summary>
internal enum ModelGarbage
{
    None,

    StatusLine,

    /// <summary>Two lengths that differ.</summary>
    TwoLengths,

    /// <summary>A length beside a transfer coding.</summary>
    TwoFramings,

    /// <summary>A chunk without a size, after a good head.</summary>
    Chunk,
}

/// <summary>
/// One response of a server of the model, drawn when its request comes: head, body, and what is
/// wrong with it. It has a number, which the head and each block of the body carry.
/// </summary>
internal sealed record ModelReply(int Number, ModelStep Step)
{
    public const string TokenField = "X-Token";
    public const string NumberField = "X-Reply";
    public const string TrailerField = "X-Trailer";

    private const string Surplus =
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Token: surplus\r\n\r\nevil";

    public int Status { get; init; } = 200;

    public ModelFraming Framing { get; init; }

    public int BodyBytes { get; init; }

    public bool IsHttp10 { get; init; }

    /// <summary>What the head says; a body that the end of the connection ends closes.</summary>
    public bool KeepsAlive { get; init; }

    public int Interims { get; init; }

    public string? Location { get; init; }

    public ModelGarbage Garbage { get; init; }

    public bool HasSurplus { get; init; }

    /// <summary>The part of the response after which the server stops; 1: all is sent.</summary>
    public double CutAt { get; init; } = 1;

    /// <summary>Whether a cut is a reset.</summary>
    public bool IsCutByReset { get; init; }

    /// <summary>False for what never has one, whatever the head says.</summary>
    public bool HasBody => Step.Method != "HEAD" && Status is not (204 or 304);

    /// <summary>The bytes that a client reads of a whole response.</summary>
    public byte[] Body => HasBody ? ModelBytes.Make(Owner, BodyBytes) : [];

    public bool IsCut => CutAt < 1;

    /// <summary>True if a client must not take the head for one.</summary>
    public bool IsHeadGarbled => Garbage is not (ModelGarbage.None or ModelGarbage.Chunk);

    /// <summary>True if the body can be read to its end, however the bytes arrive.</summary>
    public bool MayBeWhole =>
        Garbage == ModelGarbage.None
        && (!IsCut || !HasBody || (Framing == ModelFraming.Close && !IsCutByReset));

    private string Owner => string.Create(CultureInfo.InvariantCulture, $"r{Number}");

    /// <summary>All that is sent after the interim responses.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.Latin1.GetBytes(Head()));
        if (HasBody)
        {
            WriteBody(bytes);
        }

        if (HasSurplus)
        {
            bytes.Write(Encoding.Latin1.GetBytes(Surplus));
        }

        byte[] whole = bytes.ToArray();
        return IsCut ? whole[..(int)(whole.Length * CutAt)] : whole;
    }

    private string Head()
    {
        var head = new StringBuilder();
        head.Append(
            CultureInfo.InvariantCulture,
            $"{(Garbage == ModelGarbage.StatusLine ? "HTXP/1." : "HTTP/1.")}{(IsHttp10 ? 0 : 1)} ");
        head.Append(CultureInfo.InvariantCulture, $"{Status} As drawn\r\n");
        Add(TokenField, Step.Token);
        Add(NumberField, Number);
        if (Framing == ModelFraming.Length && Status != 204)
        {
            Add("Content-Length", BodyBytes);
        }
        else if (Framing == ModelFraming.Chunked && Status != 204)
        {
            Add("Transfer-Encoding", "chunked");
        }

        if (Garbage == ModelGarbage.TwoLengths)
        {
            Add("Content-Length", BodyBytes + 1);
        }
        else if (Garbage == ModelGarbage.TwoFramings)
        {
            Add("Content-Length", BodyBytes);
            Add("Transfer-Encoding", "chunked");
        }

        if (!KeepsAlive && !IsHttp10)
        {
            Add("Connection", "close");
        }
        else if (KeepsAlive && IsHttp10)
        {
            Add("Connection", "keep-alive");
        }

        Add("Set-Cookie", $"home={Step.Origin}");
        if (Location is not null)
        {
            Add("Location", Location);
        }

        return head.Append("\r\n").ToString();

        void Add(string name, object value) =>
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
    }

    private void WriteBody(MemoryStream bytes)
    {
        byte[] body = Body;
        if (Framing != ModelFraming.Chunked)
        {
            bytes.Write(body);
            return;
        }

        if (Garbage == ModelGarbage.Chunk)
        {
            bytes.Write("z\r\n"u8);
        }

        int size = 1 + (Number * 37 % 5000); // chunks of many sizes, none of them random
        for (int at = 0; at < body.Length; at += size)
        {
            int length = Math.Min(size, body.Length - at);
            bytes.Write(Encoding.Latin1.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{length:x}\r\n")));
            bytes.Write(body, at, length);
            bytes.Write("\r\n"u8);
        }

        bytes.Write(Encoding.Latin1.GetBytes($"0\r\n{TrailerField}: {Step.Token}\r\n\r\n"));
    }
}
