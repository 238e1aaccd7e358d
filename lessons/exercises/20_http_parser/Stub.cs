// A parser of request heads. `received` is all that has come since the head began; more may follow.
//
//   done N BODY  the head, with its empty line, has N characters; BODY is none, length 5 or chunked
//   need more    it is not complete, and nothing is wrong so far
//   rejected     a line ends with LF without CR, or something else than LF follows a CR;
//                Content-Length has anything but digits, or stands beside Transfer-Encoding;
//                the head is longer than HeadCharsMax characters, complete or not
//
// Names of fields are case-insensitive. The request line and other fields need not be checked.
public static class HeadParser
{
    public const int HeadCharsMax = 100;

    public static string Parse(string received)
    {
        return "need more";
    }
}
