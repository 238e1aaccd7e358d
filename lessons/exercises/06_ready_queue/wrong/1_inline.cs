// 06.1 CallSoon runs the callback at once, inside the call.
// zh-CN: CallSoon 在调用之内直接执行回调。
// The caller is in the middle of its work, with its state half changed; callbacks that queue each
// other grow the stack until it overflows, and no poll happens meanwhile.
public sealed class Loop(Func<Action[]> poll)
{
    public void CallSoon(Action callback) => callback();

    public void RunTurn()
    {
        foreach (Action arrived in poll())
        {
            CallSoon(arrived);
        }
    }
}
