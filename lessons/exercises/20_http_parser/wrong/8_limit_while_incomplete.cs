// 20.8 The limit holds only while a head is incomplete.
// zh-CN: 上限只对不完整的头有效。
// Whether a large head is accepted then depends on how it was split: in one segment it is complete
// at once. The bound of the memory for fields is gone, too.
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
