// How a case writes its octets as text that one can read aloud.
//
//   printable ASCII      itself; a line break of the document is nothing, so lines show the lines
//   \r \n \t \0 \\       the usual octets;  \s is a space that an editor would strip
//   \xHH                 any octet
//   \!                   stands before the refused octet and is none itself; once
//   \( ... \)*N;         what stands between, N times; not nested
using System.Globalization;

namespace Reactor.Testing;

/// <summary>The octets of a case and where its mark stands, or -1.</summary>
public sealed record CaseOctets(byte[] Bytes, int Mark);

/// <summary>The notation of octets in case documents. Pure; any thread.</summary>
public static class CaseNotation
{
    /// <summary>Text to octets.</summary>
    /// <exception cref="FormatException">Not the notation; the message says what and where.
    /// </exception>
    public static CaseOctets Read(string text)
    {
        List<byte> octets = [];
        int mark = -1;
        int groupStart = -1;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\n')
            {
                continue;
            }

            if (c is < ' ' or > '~')
            {
                throw Wrong(text, i, $"the character U+{(int)c:X4}: write it as \\xHH");
            }

            if (c != '\\')
            {
                octets.Add((byte)c);
                continue;
            }

            char escape = ++i < text.Length ? text[i] : throw Wrong(text, i, "a lone backslash");
            switch (escape)
            {
                case '!' when mark >= 0:
                    throw Wrong(text, i, "a second \\!");
                case '!':
                    mark = octets.Count;
                    break;
                case '(' when groupStart >= 0:
                    throw Wrong(text, i, "\\( inside \\(");
                case '(':
                    groupStart = octets.Count;
                    break;
                case ')' when groupStart < 0:
                    throw Wrong(text, i, "\\) without \\(");
                case ')':
                    i = Repeat(text, i, octets, groupStart);
                    groupStart = -1;
                    break;
                case 'x':
                    octets.Add(Hex(text, i));
                    i += 2;
                    break;
                default:
                    octets.Add(Octet(escape) ?? throw Wrong(text, i, $"the escape \\{escape}"));
                    break;
            }
        }

        return groupStart < 0
            ? new CaseOctets([.. octets], mark)
            : throw Wrong(text, text.Length, "\\( without \\)");
    }

    /// <summary>A line of an expected trace, in the spelling of <see cref="WireTrace"/>.</summary>
    public static string Canonical(string line)
    {
        var trace = new WireTrace();
        trace.Line("x"u8, Read(line).Bytes);
        return trace.ToString()[2..^1];
    }

    private static byte? Octet(char escape) => escape switch
    {
        'r' => (byte)'\r',
        'n' => (byte)'\n',
        't' => (byte)'\t',
        's' => (byte)' ',
        '0' => 0,
        '\\' => (byte)'\\',
        _ => null,
    };

    private static byte Hex(string text, int i) =>
        i + 2 < text.Length && byte.TryParse(
            text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out byte octet)
            ? octet
            : throw Wrong(text, i, "\\x without two hexadecimal digits");

    // At the `)` of `\)*N;`: repeats and gives the place of the semicolon.
    private static int Repeat(string text, int i, List<byte> octets, int start)
    {
        int semicolon = text.IndexOf(';', i);
        if (semicolon < 0 || text[i + 1] != '*' || !int.TryParse(
            text.AsSpan(i + 2, semicolon - i - 2), NumberStyles.None,
            CultureInfo.InvariantCulture, out int times) || times is 0 or > 100_000)
        {
            throw Wrong(text, i, "\\) without a count: write \\)*100;");
        }

        List<byte> once = octets[start..];
        for (int n = 1; n < times; n++)
        {
            octets.AddRange(once);
        }

        return semicolon;
    }

    private static FormatException Wrong(string text, int at, string what)
    {
        int end = Math.Min(at, text.Length);
        int line = text.AsSpan(0, end).Count('\n') + 1;
        string near = text[Math.Max(0, end - 20)..].Split('\n')[0];
        return new FormatException($"line {line} of the block has {what}, near `{near}`");
    }
}
