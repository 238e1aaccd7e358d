// What a parser made of the input of one connection, as lines of text.
//
//   request POST /a?b HTTP/1.1   one for each head that was accepted, then what is true of it:
//   form absolute                  absolute or asterisk; nothing for the origin form
//   path /a                        when it is not the whole target
//   query b                        when it is not empty
//   host a.example                 the authority, when there is one
//   field Host: a.example          one for each line of the head
//   body chunked                   or the Content-Length; nothing without either
//   expects 100-continue
//   upgrade
//   content hello                  the bytes of the body that were given out
//   trailer X: y                   one for each trailer field that was kept
//   dropped 2                      trailer fields that were not
// and at the end one of
//   idle                           the input ended between two messages
//   closed                         a message asked for it; what follows it is not read
//   needs head, needs body         the input ended inside a message
//   rejected LINE-BARE-LF 400 at 14
//
// Octets that are not printable ASCII, and the backslash, are written as \r, \n, \\ or \xHH. Two
// traces are the same when their texts are. Memory is reused: nothing is allocated once it grew.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Reactor.Testing;

/// <summary>Lines that tell what was parsed. Reusable; one thread.</summary>
public sealed class WireTrace
{
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly ArrayBufferWriter<byte> _content = new(1024);
    private readonly List<(int Start, int End)> _heads = [];

    /// <summary>All lines, each with its line feed.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>The lines before the refusal.</summary>
    public ReadOnlySpan<byte> TextBeforeRejection => Text[..TextBeforeRejectionBytes];

    /// <summary>The id of the refusal, or null.</summary>
    public string? RejectionId { get; private set; }

    /// <summary>The status code of the refusal.</summary>
    public int RejectionStatus { get; private set; }

    /// <summary>The refused byte, counted from the first of the connection.</summary>
    public long RejectionOffset { get; private set; }

    /// <summary>A rule of the parser's contract that it broke, or null.</summary>
    public string? Broken { get; private set; }

    /// <summary>Where the accepted heads begin and end in the input.</summary>
    public IReadOnlyList<(int Start, int End)> Heads => _heads;

    /// <summary>The most content in one body.</summary>
    public long ContentBytesMost { get; private set; }

    private int TextBeforeRejectionBytes { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _text.ResetWrittenCount();
        _content.ResetWrittenCount();
        _heads.Clear();
        RejectionId = null;
        RejectionStatus = 0;
        RejectionOffset = 0;
        TextBeforeRejectionBytes = 0;
        Broken = null;
        ContentBytesMost = 0;
    }

    /// <summary>A head was accepted.</summary>
    public void Request(
        ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, int minor, int start, int end)
    {
        _heads.Add((start, end));
        _text.Write("request "u8);
        Escaped(method);
        _text.Write(" "u8);
        Escaped(target);
        _text.Write(" HTTP/1."u8);
        Number(minor);
        EndLine();
    }

    /// <summary>A line that is always the same.</summary>
    public void Line(ReadOnlySpan<byte> line)
    {
        _text.Write(line);
        EndLine();
    }

    /// <summary>A word, a space and octets.</summary>
    public void Line(ReadOnlySpan<byte> word, ReadOnlySpan<byte> octets)
    {
        _text.Write(word);
        _text.Write(" "u8);
        Escaped(octets);
        EndLine();
    }

    /// <summary>A word, a space and a number.</summary>
    public void Line(ReadOnlySpan<byte> word, long number)
    {
        _text.Write(word);
        _text.Write(" "u8);
        Number(number);
        EndLine();
    }

    /// <summary>A field or a trailer field.</summary>
    public void Field(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _text.Write(word);
        _text.Write(" "u8);
        Escaped(name);
        _text.Write(": "u8);
        Escaped(value);
        EndLine();
    }

    /// <summary>A run of content; runs are joined.</summary>
    public void Content(in ReadOnlySequence<byte> run)
    {
        foreach (ReadOnlyMemory<byte> segment in run)
        {
            _content.Write(segment.Span);
        }
    }

    /// <summary>No more content of this body follows.</summary>
    public void EndContent()
    {
        ContentBytesMost = Math.Max(ContentBytesMost, _content.WrittenCount);
        if (_content.WrittenCount > 0)
        {
            Line("content"u8, _content.WrittenSpan);
        }

        _content.ResetWrittenCount();
    }

    /// <summary>The input was refused.</summary>
    public void Rejected(string id, int status, long offset)
    {
        EndContent();
        TextBeforeRejectionBytes = _text.WrittenCount;
        RejectionId = id;
        RejectionStatus = status;
        RejectionOffset = offset;
        _text.Write("rejected "u8);
        foreach (char c in id)
        {
            _text.Write([(byte)c]);
        }

        _text.Write(" "u8);
        Number(status);
        _text.Write(" at "u8);
        Number(offset);
        EndLine();
    }

    /// <summary>The parser broke its contract: no other trace has this line.</summary>
    public void Break(string rule)
    {
        Broken = rule;
        Line("broken"u8, Encoding.ASCII.GetBytes(rule));
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.ASCII.GetString(Text);

    private void EndLine() => _text.Write("\n"u8);

    private void Number(long number)
    {
        number.TryFormat(
            _text.GetSpan(20), out int written, provider: CultureInfo.InvariantCulture);
        _text.Advance(written);
    }

    private void Escaped(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            int odd = octets.IndexOfAnyExcept(s_plain);
            _text.Write(odd < 0 ? octets : octets[..odd]);
            if (odd < 0)
            {
                return;
            }

            Escape(octets[odd]);
            octets = octets[(odd + 1)..];
        }
    }

    private static readonly SearchValues<byte> s_plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (byte)i).Where(b => b != '\\')]);

    private void Escape(byte b)
    {
        switch (b)
        {
            case (byte)'\r':
                _text.Write("\\r"u8);
                break;
            case (byte)'\n':
                _text.Write("\\n"u8);
                break;
            case (byte)'\\':
                _text.Write("\\\\"u8);
                break;
            default:
                ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
                _text.Write([(byte)'\\', (byte)'x', digits[b >> 4], digits[b & 0xF]]);
                break;
        }
    }
}
