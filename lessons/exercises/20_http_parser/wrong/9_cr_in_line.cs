// 20.9 A CR without LF is a character of the line.
// zh-CN: 后面没有 LF 的 CR 是行中的一个字符。
// A proxy that takes a CR alone for the end of a line sees two fields where this server sees one:
// request smuggling. RFC 9112 2.2 forbids it to a server.
public static class HeadParser
{
    public const int HeadCharsMax = 100;

    public static string Parse(string received)
    {
        string? length = null;
        bool isChunked = false;
        int start = 0;
        while (true)
        {
            int end = received.IndexOfAny(['\r', '\n'], start);
            while (end >= 0 && received[end] == '\r' && end + 1 < received.Length
                && received[end + 1] != '\n')
            {
                end = received.IndexOfAny(['\r', '\n'], end + 1);
            }
            if (end < 0 || (end == received.Length - 1 && received[end] == '\r'))
            {
                return received.Length > HeadCharsMax ? "rejected" : "need more";
            }
            if (received[end] == '\n')
            {
                return "rejected";
            }
            string line = received[start..end];
            start = end + 2;
            if (start > HeadCharsMax)
            {
                return "rejected";
            }
            if (line.Length == 0)
            {
                return Judge(start, length, isChunked);
            }
            string[] field = line.Split(':', 2);
            if (IsName(field[0], "Content-Length"))
            {
                length = field[1].Trim();
            }
            if (IsName(field[0], "Transfer-Encoding"))
            {
                isChunked = true;
            }
        }
    }

    private static string Judge(int size, string? length, bool isChunked)
    {
        if (length is not null && isChunked)
        {
            return "rejected";
        }
        if (length is not null)
        {
            bool isNumber = length.Length > 0 && length.All(char.IsAsciiDigit);
            return isNumber ? $"done {size} length {length}" : "rejected";
        }
        return isChunked ? $"done {size} chunked" : $"done {size} none";
    }

    private static bool IsName(string name, string expected) =>
        name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
