// 20.6 Content-Length is read with int.TryParse, which accepts a sign and spaces.
// zh-CN: 用 int.TryParse 读取 Content-Length，它会接受正负号和空格。
// "+5" is 5 here and an error in the proxy, or the other way round; "-5" is a length, too.
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
        if (length is not null && isChunked)
        {
            return "rejected";
        }
        if (length is not null)
        {
            bool isNumber = int.TryParse(length, out int number);
            return isNumber ? $"done {size} length {number}" : "rejected";
        }
        return isChunked ? $"done {size} chunked" : $"done {size} none";
    }

    private static bool IsName(string name, string expected) =>
        name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
