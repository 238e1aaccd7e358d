// 20.3 Content-Length beside Transfer-Encoding: the length is ignored.
// zh-CN: Content-Length 与 Transfer-Encoding 同时出现时，忽略长度。
// A proxy that uses the length passes on bytes that this server takes for the next request. No
// client sends both by accident.
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
            if (end < 0 || (end == received.Length - 1 && received[end] == '\r'))
            {
                return received.Length > HeadCharsMax ? "rejected" : "need more";
            }
            if (received[end] == '\n' || received[end + 1] != '\n')
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
        if (length is not null && !isChunked)
        {
            bool isNumber = length.Length > 0 && length.All(char.IsAsciiDigit);
            return isNumber ? $"done {size} length {length}" : "rejected";
        }
        return isChunked ? $"done {size} chunked" : $"done {size} none";
    }

    private static bool IsName(string name, string expected) =>
        name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
